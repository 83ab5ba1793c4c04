"""What the gradebook holds, row by row."""

from __future__ import annotations

from dataclasses import dataclass

from grader.errors import GraderError
from grader.result import Result


class GradebookError(GraderError):
    """The gradebook cannot be read or written. The message says why and what to do."""


@dataclass(frozen=True)
class Key:
    """What a result follows from."""

    student: str
    exercise: str
    source_digest: str
    suite_digest: str
    seed: int
    limits: str
    circumstances: str  # JSON, see grader.grading.provenance


@dataclass(frozen=True)
class Standing:
    """How an attempt stands: its own seed, and its newest result, if there is one."""

    seed: int
    key: Key | None
    status: str


@dataclass(frozen=True)
class Attempt:
    """A file that a student handed in for an exercise."""

    student: str
    exercise: str
    source_digest: str
    name: str
    path: str
    submitted: float
    number: int = 0
    dated: bool = True  # whether `submitted` is known


@dataclass(frozen=True)
class Class:
    """What was named to be graded."""

    root: str  # absolute
    layout: str
    depth: int
    exercise: str
    renumbered: bool


@dataclass(frozen=True)
class Unplaced:
    """A file that was not graded, and whose it is."""

    path: str
    reason: str
    student: str = ""
    name: str = ""
    exercise: str = ""
    lost: bool = False  # nothing else of the student's is graded, in this exercise or at all
    root: str = ""  # of its class


@dataclass(frozen=True)
class Grade:
    """A student's grade in an exercise: the newest result of the newest attempt."""

    student: str
    name: str
    exercise: str
    path: str
    submitted: float
    attempts: int  # handed in for this exercise
    status: str  # "graded", or "error" where the grader could not
    score: float | None
    max_score: float
    seed: int
    graded_at: float
    report: str  # from the gradebook's folder
    result: Result
    dated: bool = True  # whether `submitted` is known
    place: int = 1  # of the student's attempts that have a result: the newest is 1

    @property
    def points(self) -> float | None:
        """What counts."""
        return self.score
