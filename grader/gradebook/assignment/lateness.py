"""What a date costs: how late something is, and what is lost by it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from grader.gradebook.assignment.settings import Duration, Late

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@dataclass(frozen=True)
class Lateness:
    units: int = 0  # days or hours begun since the due date, late days taken off
    days: int = 0  # late days that were used up
    is_over: bool = False  # after the cut-off

    def words(self, late: Late) -> str:
        if self.is_over:
            return "after the cut-off"
        parts = [
            f"{self.units} {late.per}{'' if self.units == 1 else 's'} late" if self.units else "",
            f"{self.days} late day{'' if self.days == 1 else 's'} used" if self.days else "",
        ]
        return ", ".join(filter(None, parts))


ON_TIME = Lateness()


def begun_days(due: datetime, submitted: datetime) -> int:
    """Calendar days of local time: from 23:59 to 23:59, also where summer time begins in between."""
    there = submitted.astimezone(due.tzinfo)
    return max(1, -((due.replace(tzinfo=None) - there.replace(tzinfo=None)) // DAY))


def begun_hours(due: datetime, submitted: datetime) -> int:
    return max(1, -((instant(due) - submitted) // HOUR))


def is_late(submitted: datetime, due: datetime, late: Late) -> bool:
    """Whoever is later than the grace allows is late from the due date on. `submitted` is in UTC."""
    return submitted > due and submitted > instant(late.grace.after(due))


def how_late(submitted: datetime, due: datetime, late: Late, days: int = 0) -> Lateness:
    """`submitted` is in UTC. `days`: late days to use up, which move the due date but not the cut-off.

    Of a student who has another due date, `due` is that; an absolute cut-off never comes before it.
    """
    if not is_late(submitted, due, late):
        return ON_TIME
    if late.cutoff is not None:
        end = late.cutoff.after(due) if isinstance(late.cutoff, Duration) else late.cutoff
        if submitted > max(instant(end), instant(due)):
            return Lateness(is_over=True)
    needed = begun_days(due, submitted)
    moved = Duration(days=days).after(due)
    if not is_late(submitted, moved, late):
        return Lateness(0, min(days, needed))
    units = (begun_days if late.per == "day" else begun_hours)(moved, submitted)
    return Lateness(units, min(days, needed))


def instant(moment: datetime) -> datetime:
    """Times of one zone are compared by its clock, which shows an hour twice a year; those in UTC are not."""
    return moment.astimezone(UTC)


def after_lateness(score: Fraction, worth: Fraction, lateness: Lateness, late: Late) -> Fraction:
    """Points of an exercise. `score`: what they were in time."""
    if lateness.is_over:
        return Fraction(0)
    if not lateness.units:
        return score
    lost = late.rate * lateness.units
    if late.cap is not None:
        lost = min(lost, late.cap)
    if late.unit == "percent":
        lost *= (worth if late.of == "worth" else score) / 100
    return max(Fraction(0), score - lost)
