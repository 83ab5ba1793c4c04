"""What an assignment puts in the place of scores on the page of a class."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import fmean

from grader.gradebook.assignment.grades import Scores
from grader.gradebook.assignment.scoring import Mark

FINE = 1_000_000  # a share is told in so many parts


@dataclass(frozen=True, slots=True)
class Assigned:
    """What counts of a student in an exercise."""

    exercise: str
    points: float | None  # None: counts neither way
    worth: float
    is_exempt: bool
    letters: str  # what the legend explains: late, dropped
    said: str  # that in words


def assigned(scores: Scores, student: str) -> Iterator[Assigned]:
    """Of all but what is not due yet, or not graded: there is nothing to be put in its place."""
    for name in scores.assignment.exercises:
        mark = scores.mark(student, name)
        if mark is not None and mark.state not in ("not due", "not graded"):
            said = (mark.lateness.words(scores.assignment.late), "dropped" if mark.is_dropped else "")
            words = ", ".join(filter(None, said))
            exempt = mark.state == "exempt"
            yield Assigned(name, scores.points(mark), float(mark.worth), exempt, letters(mark), words)


def total_of(scores: Scores, student: str) -> tuple[float, float] | None:
    """The total and its share."""
    share, total = scores.total(student, FINE), scores.total(student)
    return None if share is None or total is None else (total, share / FINE)


def letters(mark: Mark) -> str:
    is_late = mark.lateness.units or mark.lateness.days or mark.lateness.is_over
    return ("L" if is_late else "") + ("D" if mark.is_dropped else "")


def mean(shares: Iterable[float | None]) -> float | None:
    known = [share for share in shares if share is not None]
    return fmean(known) if known else None
