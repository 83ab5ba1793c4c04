"""Where the grader runs inside another program: GitHub Classroom, Gradescope, Jupyter."""
