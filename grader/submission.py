"""Submissions as they come in: a file → which exercise it answers, and its bytes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from grader.reading import SubmissionError, open_named, read_limited

__all__ = ["LIMITS", "MAX_NOTEBOOK", "MAX_SOURCE", "Submission", "SubmissionError", "read", "submission"]

MAX_SOURCE = 256 * 1024  # bytes
MAX_NOTEBOOK = 64 * 1024 * 1024  # bytes, most of them pictures among the outputs
LIMITS = {".py": MAX_SOURCE, ".ipynb": MAX_NOTEBOOK}


@dataclass(frozen=True)
class Submission:
    path: str  # as the user named it
    exercise: str
    source: bytes  # of a notebook: its code cells as one text
    student: str | None = None
    cells: tuple[int, ...] = ()  # the first line of each code cell of a notebook

    @property
    def filename(self) -> str:
        """What the student's file is called in messages and tracebacks."""
        return f"{self.exercise}.ipynb" if self.cells else f"{self.exercise}.py"


def read(path: Path, exercise: str | None = None) -> Submission:
    """The submission in a file; its exercise is the file's stem unless named. Raises SubmissionError."""
    if path.is_dir():
        raise SubmissionError(f"{path} is a folder: name the files in it.")
    if not path.exists() and not path.is_symlink():
        raise SubmissionError(f"{path} does not exist.")
    limit = LIMITS.get(path.suffix)
    if limit is None:
        raise SubmissionError(f"{path} is not a .py or .ipynb file.")
    with open_named(path) as file:
        data = read_limited(file, str(path), limit)
    return submission(str(path), exercise or path.stem, data)


def submission(path: str, exercise: str, data: bytes, student: str | None = None) -> Submission:
    """The submission in the bytes of a file, which its name tells to be a notebook or not. Raises SubmissionError."""
    if not path.lower().endswith(".ipynb"):
        return Submission(path, exercise, data, student)
    from grader.notebook import flatten

    source, cells = flatten(data, path)
    return Submission(path, exercise, source, student, cells)
