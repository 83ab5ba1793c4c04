"""What the gradebook holds, row by row."""

from __future__ import annotations

from dataclasses import dataclass

from grader.errors import GraderError
from grader.gradebook.decisions import NONE, Decisions
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
    exercises: tuple[str, ...] = ()  # those that many handed in


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
    layout: str = ""  # and its layout
    handed_in_as: str = ""  # the student of the download: the person's own id there, or a group
    among: tuple[str, ...] = ()  # where no exercise is told, those of its class; () where they are not known

    @property
    def file(self) -> str:
        return self.path.rpartition("/")[2]

    def may_be(self, *exercises: str) -> bool:
        """Whether it was handed in for one of these, as far as that is known."""
        known = (self.exercise,) if self.exercise else self.among
        return not known or not set(known).isdisjoint(exercises)


@dataclass(frozen=True)
class Grade:
    """A student's grade in an exercise: the newest result of the newest attempt, and what was decided beside it."""

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
    decisions: Decisions = NONE
    source_digest: str = ""  # of the attempt that counts
    handed_in_as: str = ""  # the student of that attempt: the person's own, or a group
    shared_report: str = ""  # the report of a group, where `report` is the person's own copy

    @property
    def points(self) -> float | None:
        """What counts: the score after overrides. None where nothing is known."""
        graded = self.score if self.status == "graded" else None
        return self.decisions.apply(graded, self.max_score, self.result)

    @property
    def told(self) -> str:
        """What counts by an override, why, and what was graded; "" where nothing is overridden."""
        counts = self.points
        if counts is None or not self.decisions.overrides:
            return ""
        return self.decisions.in_words(counts, self.score, self.max_score, self.source_digest)


@dataclass(frozen=True)
class Grading:
    """One time that an attempt was graded."""

    key: Key
    graded_at: float
    status: str
    score: float | None
    max_score: float
    report: str
    document: str  # JSON; "" where a later result under the same key was the same
