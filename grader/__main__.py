"""`python -m grader` is `grader`."""

from grader.tools import grader

grader(prog_name="grader")
