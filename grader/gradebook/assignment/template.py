"""The file that an assignment begins with: what there is to say, most of it as comments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

TEXT = """\
title = "{title}"
# A time is on the clock of this zone, or says how far from UTC it is, as {due}T23:59:59+02:00 does.
zone = "{zone}"
due = {due}T23:59:59
# total = 100             # else what the exercises add up to, or 100 where they have weights
# unit = "percent"        # of the total; else it is in points
# round = 2               # decimals of what is told; half a unit goes up
# counts = "newest"       # of several attempts; or "best", or "newest-before-due"
# drop_lowest = 1         # exercises that do not count, the lowest by percent

# choose = ["src/*.py"]   # of a student's several files, as --choose does; ignore = [...] leaves files out

# [late]                  # without it, nothing is lost by being late
# percent = 10            # of what an exercise is worth, for each day begun; or points = 5
# per = "day"             # or "hour"
# of = "worth"            # or "score": of what was reached
# grace = "15 minutes"    # not late yet
# cap = 50                # no more is lost
# cutoff = "7 days"       # after the due date; what comes later counts 0. Or a time
# days = 3                # late days that each student has to use up
# pool = "term"           # assignments with one name here share them
{exercises}
# [[extensions]]
# students = ["ann@uni.edu", "Bo Ek"]   # by any id, or by name; and sections = [...], groups = [...]
# exercises = ["{first}"]   # else all
# by = "2 days"           # or due = {due}T23:59:59
# reason = "ill"

# [[exemptions]]          # counts neither way
# students = ["cy@uni.edu"]
# exercises = ["{first}"]
"""
EXERCISE = """
[exercises.{name}]
points = {points}
"""
CHECKS = """\
# due = {due}T23:59:59    # of its own
# [exercises.{name}.checks]   # other points for some checks; 0 leaves one out
# test_name = 0
"""


def begin(title: str, exercises: Sequence[str], zone: str, due: date) -> str:
    """`exercises`: their names. Worth the same each, 100 together where that goes."""
    worth, rest = divmod(100, len(exercises))
    points = 10 if rest else worth
    tables = [EXERCISE.format(name=name, points=points) for name in exercises]
    tables[0] += CHECKS.format(name=exercises[0], due=due)
    quoted = title.replace("\\", "\\\\").replace('"', '\\"')
    return TEXT.format(title=quoted, due=due, zone=zone, exercises="".join(tables), first=exercises[0])
