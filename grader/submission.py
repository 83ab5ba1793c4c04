"""Submissions as they come in: a file → which exercise it answers, and its bytes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from grader.errors import GraderError

MAX_SOURCE = 256 * 1024  # bytes
MAX_NOTEBOOK = 64 * 1024 * 1024  # bytes, most of them pictures among the outputs
LIMITS = {".py": MAX_SOURCE, ".ipynb": MAX_NOTEBOOK}


class SubmissionError(GraderError):
    """A submission that cannot be taken. The message says which and what to do."""


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
    if not path.exists():
        raise SubmissionError(f"{path} does not exist.")
    limit = LIMITS.get(path.suffix)
    if limit is None:
        raise SubmissionError(f"{path} is not a .py or .ipynb file.")
    if not path.is_file():
        raise SubmissionError(f"{path} is not a regular file.")
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise SubmissionError(f"{path} cannot be read: {error.strerror}.") from None
    if len(data) > limit:
        raise SubmissionError(f"{path} is larger than {limit >> 10} KiB: a solution is a few hundred lines.")
    return submission(str(path), exercise or path.stem, data)


def submission(path: str, exercise: str, data: bytes, student: str | None = None) -> Submission:
    """The submission in the bytes of a file, which its name tells to be a notebook or not. Raises SubmissionError."""
    if not path.lower().endswith(".ipynb"):
        return Submission(path, exercise, data, student)
    from grader.notebook import flatten

    source, cells = flatten(data, path)
    return Submission(path, exercise, source, student, cells)
