"""A grader for deep-learning coding exercises.

`grade_file`, `grade_source` and `open_course` are the public face (see grader.grading.api); `Course` and `Limits` are
what they take, `Result` is what they answer, and `GraderError` what they raise. They are imported when they are asked
for: the command `grade` starts without them.
"""

from __future__ import annotations

TYPE_CHECKING = False  # from `typing` it would cost as much as all else that `grade` needs to ask for an answer
if TYPE_CHECKING:
    from grader.course.course import Course
    from grader.errors import GraderError
    from grader.grading.api import grade_file, grade_source, open_course
    from grader.result import Result
    from grader.sandbox.limits import Limits

__all__ = ["Course", "GraderError", "Limits", "Result", "__version__", "grade_file", "grade_source", "open_course"]
__version__ = "0.1.0"


if not TYPE_CHECKING:  # for a type checker it would stand for any name that somebody mistypes

    def __getattr__(name: str) -> object:
        if name not in __all__:
            raise AttributeError(f"module 'grader' has no attribute {name!r}")
        from importlib import import_module

        places = {"Course": "course.course", "GraderError": "errors", "Limits": "sandbox.limits", "Result": "result"}
        return getattr(import_module(f"grader.{places.get(name, 'grading.api')}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def load_ipython_extension(shell: object) -> None:
    """Gives a notebook the magic `%grade`: Jupyter calls this for `%load_ext grader`."""
    from grader.integrations.jupyter import register

    register(shell)
