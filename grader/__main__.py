"""`python -m grader` is `grader`."""

from grader.cli import grader

grader(prog_name="grader")
