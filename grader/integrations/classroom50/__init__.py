"""Classroom 50: a folder for its config repository, the run in a student's repository, and what comes back.

    build:   exercises → bundle.py (sealed exercises, the grader as a wheel, autograder.py) → CLASSROOM/autograders/SLUG
    run:     autograder.py, on the runner's own Python → a virtual environment → run.py, in it: which file answers which
             exercise, and `grade`, as for GitHub Classroom → outcome.json, release-body.md, report.html
             → autograder.py, which makes result.json of it
    import:  students.csv and scores.json (collected.py) beside the gradebook of a central run

Theory of operation. The folder is served to anybody, so all in it is public and the exercises in it are sealed
(grader.authoring.student_edition). Classroom 50 takes result.json or nothing, so autograder.py puts a complete one
there before it does anything else, one that says that the grader did not finish and claims no score; a better one takes
its place only if it holds to the contract. Nothing in the checkout is ever run or imported by either of them: their
working folder is another one, and what lies in the place of a result is removed, not written to.
"""
