"""A grader for deep-learning coding exercises.

`grade_file`, `grade_source` and `open_course` are the public face (see grader.grading.api); `Result` is what they
answer. They are imported when they are asked for: the command `grade` starts without them.
"""

from __future__ import annotations

TYPE_CHECKING = False  # from `typing` it would cost as much as all else that `grade` needs to ask for an answer
if TYPE_CHECKING:
    from grader.grading.api import grade_file, grade_source, open_course
    from grader.result import Result

__all__ = ["Result", "__version__", "grade_file", "grade_source", "open_course"]
__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'grader' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module("grader.result" if name == "Result" else "grader.grading.api"), name)


def load_ipython_extension(shell: object) -> None:
    """Gives a notebook the magic `%grade`: Jupyter calls this for `%load_ext grader`."""
    from grader.integrations.jupyter import register

    register(shell)
