"""What the hidden suites and the known mistakes of a course are written with."""

from grader.suite.compare import assert_close
from grader.suite.edits import define, replace
from grader.suite.mistakes import Mistake, wrong

__all__ = ["Mistake", "assert_close", "define", "replace", "wrong"]
