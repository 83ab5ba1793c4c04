"""`python -m grader` is `grader`.

Python puts the working folder first on its path then, and a student's click.py there would be taken for the library:
it goes, but where the grader itself lies in it. The commands `grade` and `grader` never look there.
"""

import os
import sys

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
if not sys.flags.safe_path and sys.path[0] == os.getcwd() != HERE:
    del sys.path[0]

from grader.cli.grader import grader  # noqa: E402

grader(prog_name="grader")
