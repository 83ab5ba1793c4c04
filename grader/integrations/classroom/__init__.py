"""GitHub Classroom: a workflow for a template repository, and the step that grades in a student's repository.

Theory of operation. The action (action.yml at the top of the course's repository) writes a complete result that says
"the grader did not finish", installs the package and runs `grader classroom run`, which replaces that result. Each
exercise is graded by a `grade` of its own, a child process with a deadline (`judge`), so that no crash takes more with
it than one exercise, and none takes the result. An `Outcome` an exercise is all there is to tell; `reporter` tells it
to the stock reporter, `summary` to whoever opens the run, `annotations` beside the student's lines.

Every text in an outcome may be a student's and hostile: each of the three escapes all it writes (`escape`).
"""
