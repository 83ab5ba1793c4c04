"""What a student has in an assignment, from the attempts that were graded. Plain rules on plain records.

- An exercise that a student is exempt from counts neither way; so does a missing one until it is due.
- A missing one counts 0 once it is due, and where nothing says when it is.
- What the grader could not grade, or nobody could, is not graded: then there is no total. It never counts 0.
- An attempt of which no time is known is never late.
- The lowest exercises by share are dropped, of equal ones that which is worth most; one always counts.
- Late days are used up in the order of the due dates, once for all exercises that are due together: as many as gain
  points, and no more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction
from functools import cached_property
from math import inf

from grader.gradebook.assignment.lateness import (
    ON_TIME,
    Lateness,
    after_lateness,
    begun_days,
    how_late,
    is_late,
)
from grader.gradebook.assignment.rounding import exact, rounded
from grader.gradebook.assignment.settings import Assignment, Duration, Exercise
from grader.result import MarkState

ZERO = Fraction(0)


@dataclass(frozen=True)
class Try:
    """An attempt that has a result."""

    share: Fraction | None  # of the exercise's points; None: the grader could not grade it
    submitted: datetime | None  # in UTC; None: not known
    place: int = 1  # of the student's attempts that have a result: the newest is 1
    attempts: int = 1  # how many there are
    report: str = ""
    graded_at: float = 0.0
    error: str = ""  # why the grader could not grade it


@dataclass(frozen=True)
class Mark:
    """An exercise of a student's."""

    exercise: str
    state: MarkState
    worth: Fraction
    points: Fraction | None = None  # after lateness; None where it is not graded, or counts neither way
    full: Fraction | None = None  # before it
    attempt: Try | None = None
    lateness: Lateness = ON_TIME
    is_dropped: bool = False

    @property
    def counts(self) -> bool:
        return self.state in ("graded", "missing", "not graded") and not self.is_dropped


@dataclass(frozen=True)
class Work:
    """What a student handed in for an exercise, and what holds for them."""

    tries: Sequence[Try] = ()  # the newest first
    due: datetime | None = None
    is_exempt: bool = False
    is_lost: bool = False  # something was handed in that could not be graded


@dataclass
class Standing:
    """A student in an assignment."""

    marks: dict[str, Mark] = field(default_factory=dict)  # by exercise
    days: int = 0  # late days used up

    @cached_property
    def share(self) -> Fraction | None:
        """Of the total: None where it is not known, or nothing counts."""
        counted = [mark for mark in self.marks.values() if mark.counts]
        worth = sum((mark.worth for mark in counted), ZERO)
        earned = [mark.points for mark in counted if mark.points is not None]
        return sum(earned, ZERO) / worth if worth and len(earned) == len(counted) else None

    def total(self, assignment: Assignment, out_of: float | None = None) -> float | None:
        """Rounded as the assignment says."""
        share = self.share
        total = assignment.total if out_of is None else exact(out_of)
        return None if share is None else rounded(share * total, assignment.decimals)


def stand(assignments: Sequence[Assignment], works: Sequence[Mapping[str, Work]], now: datetime) -> list[Standing]:
    """A student in each of the assignments. `works`: of each of them, by exercise."""
    standings = [Standing() for _ in assignments]
    left: dict[str, int] = {}  # late days, by pool
    for number, names in due_together(assignments):
        assignment, standing = assignments[number], standings[number]
        pool = assignment.late.pool or f"\0{assignment.path}"
        group = [(assignment.exercises[name], works[number][name]) for name in names]
        days, marks = spend(assignment, group, now, left.setdefault(pool, assignment.late.days))
        left[pool] -= days
        standing.days += days
        standing.marks |= {mark.exercise: mark for mark in marks}
    for assignment, standing in zip(assignments, standings, strict=True):
        standing.marks = {name: standing.marks[name] for name in assignment.exercises}
        for name in lowest(standing.marks.values(), assignment.drop):
            standing.marks[name] = replace(standing.marks[name], is_dropped=True)
    return standings


def due_together(assignments: Sequence[Assignment]) -> list[tuple[int, list[str]]]:
    """(number of the assignment, its exercises that are due together), in the order of the due dates; what has none
    comes last."""
    groups: defaultdict[tuple[float, int], list[str]] = defaultdict(list)
    for number, assignment in enumerate(assignments):
        for each in assignment.exercises.values():
            groups[each.due.timestamp() if each.due else inf, number].append(each.name)
    return [(number, names) for (_, number), names in sorted(groups.items())]


def spend(
    assignment: Assignment, group: Sequence[tuple[Exercise, Work]], now: datetime, left: int
) -> tuple[int, list[Mark]]:
    """The fewest late days that come to the most points, and the marks with them."""
    late = [(exercise, work) for exercise, work in group if needed(work)]
    in_time = [mark_of(assignment, exercise, work, now, 0) for exercise, work in group if not needed(work)]
    best = [mark_of(assignment, exercise, work, now, 0) for exercise, work in late]
    days = 0
    for more in range(1, min(left, max((needed(work) for _, work in late), default=0)) + 1):
        marks = [mark_of(assignment, exercise, work, now, more) for exercise, work in late]
        if earned(marks) > earned(best):
            days, best = more, marks
    return days, [*in_time, *best]


def needed(work: Work) -> int:
    """Late days with which every attempt would be in time."""
    if work.due is None or work.is_exempt:
        return 0
    times = [each.submitted for each in work.tries if each.submitted is not None]
    return max((begun_days(work.due, time) for time in times if time > work.due), default=0)


def earned(marks: Iterable[Mark]) -> Fraction:
    return sum((mark.points for mark in marks if mark.points is not None), ZERO)


def mark_of(assignment: Assignment, exercise: Exercise, work: Work, now: datetime, days: int) -> Mark:
    """`days`: late days that are used up."""
    if work.is_exempt:
        return Mark(exercise.name, "exempt", exercise.worth)
    if not work.tries:
        if work.is_lost:
            return Mark(exercise.name, "not graded", exercise.worth)
        if work.due is not None and now <= work.due:
            return Mark(exercise.name, "not due", exercise.worth)
        return Mark(exercise.name, "missing", exercise.worth, ZERO, ZERO)
    marks = [try_of(assignment, exercise, work, each, days) for each in candidates(assignment, work, days)]
    best = max(marks, key=lambda mark: -1 if mark.points is None else mark.points)  # of equal ones the newest
    unknown = next((mark for mark in marks if mark.points is None), None)
    return best if unknown is None or best.points == exercise.worth else unknown


def candidates(assignment: Assignment, work: Work, days: int) -> Sequence[Try]:
    """Those of which the best for the student counts: one, but where the best one is asked for."""
    if assignment.counts == "best":
        return work.tries
    if assignment.counts == "newest":
        return work.tries[:1]
    moved = None if work.due is None else Duration(days=days).after(work.due)
    in_time = [
        each
        for each in work.tries
        if moved is None or each.submitted is None or not is_late(each.submitted, moved, assignment.late)
    ]
    return (in_time or work.tries)[:1]


def try_of(assignment: Assignment, exercise: Exercise, work: Work, attempt: Try, days: int) -> Mark:
    lateness = ON_TIME
    if work.due is not None and attempt.submitted is not None:
        lateness = how_late(attempt.submitted, work.due, assignment.late, days)
    if attempt.share is None:
        return Mark(exercise.name, "not graded", exercise.worth, None, None, attempt, lateness)
    full = attempt.share * exercise.worth
    points = after_lateness(full, exercise.worth, lateness, assignment.late)
    return Mark(exercise.name, "graded", exercise.worth, points, full, attempt, lateness)


def lowest(marks: Iterable[Mark], number: int) -> list[str]:
    """What is dropped, of what counts and is worth anything."""
    counted = [mark for mark in marks if mark.counts and mark.worth]
    known = [(mark.points / mark.worth, -mark.worth, mark.exercise) for mark in counted if mark.points is not None]
    return [name for *_, name in sorted(known)[: min(number, len(counted) - 1)]]
