"""The student edition: a course without its solutions.

Theory of operation. What a suite asks follows from the seed, and what the reference and each known mistake answer
follows from what is asked. So for a few seeds all of it can be recorded: the calls, the reference's answers, and the
answers of every mistake and of every pair of mistakes that diagnosis could try. That is a sealed exercise, one file of
values (grader.course.sealed_file); with it `grade` judges and names as with the sources
(grader.course.sealed_exercise), on those seeds and no others.
`seal` makes it, `edition` puts a student's folder together, `audit` proves that no line of the solutions is in it.

What a seal does not do: whoever reads the file can learn what is expected for its seeds, as from any grader that runs
on a student's machine. A file that answers those and nothing else fails the instructor's own grading, with fresh seeds.
"""
