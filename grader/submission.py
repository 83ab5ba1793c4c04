"""Submissions as they come in: a file → which exercise it answers, and its bytes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from grader.errors import GraderError

MAX_SOURCE = 256 * 1024  # bytes


class SubmissionError(GraderError):
    """A submission that cannot be taken. The message says which and what to do."""


@dataclass(frozen=True)
class Submission:
    path: str  # as the user named it
    exercise: str
    source: bytes
    student: str | None = None

    @property
    def filename(self) -> str:
        """What the student's file is called in messages and tracebacks."""
        return f"{self.exercise}.py"


def read(path: Path, exercise: str | None = None) -> Submission:
    """The submission in a .py file; its exercise is the file's stem unless named. Raises SubmissionError."""
    if path.is_dir():
        raise SubmissionError(f"{path} is a folder: name the .py files in it.")
    if not path.exists():
        raise SubmissionError(f"{path} does not exist.")
    if path.suffix != ".py":
        raise SubmissionError(f"{path} is not a .py file.")
    if not path.is_file():
        raise SubmissionError(f"{path} is not a regular file.")
    try:
        with path.open("rb") as file:
            source = file.read(MAX_SOURCE + 1)
    except OSError as error:
        raise SubmissionError(f"{path} cannot be read: {error.strerror}.") from None
    if len(source) > MAX_SOURCE:
        raise SubmissionError(f"{path} is larger than {MAX_SOURCE >> 10} KiB: a solution is a few hundred lines.")
    return Submission(str(path), exercise or path.stem, source)
