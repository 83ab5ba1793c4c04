"""Grading on Gradescope: a zip that becomes its autograder, and the run of it in Gradescope's container.

    build:  exercises → assignment.py (what is graded, and how) → bundle.py → autograder.zip
    run:    submission/ → handin.py (which file answers which exercise) → run.py (`grade`, in a process of its own)
            → results.py → results/results.json

Theory of operation. Gradescope takes results.json or nothing, so a valid one is there at every moment: the shell
writes the first, which says that the grader failed, the run puts one in its place that keeps the student's last
score, and then the real one. What goes wrong after that cannot take away what is there.
"""
