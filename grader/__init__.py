"""A grader for deep-learning coding exercises."""

__version__ = "0.1.0"
