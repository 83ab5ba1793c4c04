"""What the hidden suites and the known mistakes of a course are written with."""

from grader.suite.compare import assert_close
from grader.suite.mistakes import Mistake, define, replace

__all__ = ["Mistake", "assert_close", "define", "replace"]
