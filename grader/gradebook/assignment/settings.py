"""What an assignment says. Points and shares are fractions, times are on the clock of the class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Literal
from zoneinfo import ZoneInfo

from grader.errors import GraderError

FILE_NAME = "assignment.toml"

Counts = Literal["newest", "best", "newest-before-due"]


class AssignmentFileError(GraderError):
    """An assignment that cannot be understood or does not fit the class. The message names file, line and key."""


@dataclass(frozen=True)
class Duration:
    """Days are calendar days of local time, which summer time makes longer or shorter; seconds are elapsed time."""

    days: int = 0
    seconds: int = 0

    def after(self, moment: datetime) -> datetime:
        there = moment + timedelta(days=self.days)  # in local time: the zone stays, its offset may change
        return (there.astimezone(UTC) + timedelta(seconds=self.seconds)).astimezone(moment.tzinfo)


@dataclass(frozen=True)
class Late:
    """What lateness costs: nothing, where nothing is said."""

    rate: Fraction = Fraction(0)  # lost for each unit begun: percent, or points of the exercise
    unit: Literal["percent", "points"] = "percent"
    per: Literal["day", "hour"] = "day"
    of: Literal["worth", "score"] = "worth"  # what the percent are of
    grace: Duration = Duration()
    cap: Fraction | None = None  # no more than that is lost, in the same unit
    cutoff: datetime | Duration | None = None  # what comes later counts 0; a duration is one after the due date
    days: int = 0  # late days that each student may use up
    pool: str = ""  # assignments with one name here share the days; "" for this one alone


@dataclass(frozen=True)
class Exercise:
    name: str
    worth: Fraction  # points of the total
    due: datetime | None = None
    checks: Mapping[str, Fraction] = field(default_factory=dict)  # points in place of the suite's
    lines: Mapping[str, int] = field(default_factory=dict)  # of the file, on which those stand


@dataclass(frozen=True)
class Special:
    """What holds for some students only: another due date, or that exercises are not asked of them."""

    line: int  # of the file, for what is wrong with a name
    students: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    exercises: tuple[str, ...] = ()  # none: all
    due: datetime | None = None
    by: Duration | None = None  # later than the due date
    reason: str = ""

    def concerns(self, exercise: str) -> bool:
        return not self.exercises or exercise in self.exercises


@dataclass(frozen=True)
class Assignment:
    path: str  # of its file, as it is told
    title: str
    exercises: Mapping[str, Exercise]
    total: Fraction
    zone: ZoneInfo | None = None  # of the class
    unit: Literal["points", "percent"] = "points"
    decimals: int = 2
    late: Late = Late()
    extensions: tuple[Special, ...] = ()
    exemptions: tuple[Special, ...] = ()
    counts: Counts = "newest"
    drop: int = 0  # lowest exercises that do not count
    choose: tuple[str, ...] = ()  # patterns: which of a student's several files counts
    ignore: tuple[str, ...] = ()  # and which are no submissions

    def fail(self, line: int, message: str) -> AssignmentFileError:
        return AssignmentFileError(f"{self.path}, line {line}: {message}")
