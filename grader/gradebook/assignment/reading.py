"""From a file to an assignment."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

from grader.gradebook.assignment.settings import (
    FILE_NAME,
    Assignment,
    AssignmentFileError,
    Duration,
    Exercise,
    Late,
    Special,
)
from grader.gradebook.assignment.tables import Source, Table, near
from grader.text import one_line

MAX_SIZE = 1 << 16  # bytes
MAX_DAYS = 365
HUNDRED = Fraction(100)
TOP = (
    "title", "zone", "due", "exercises", "total", "unit", "round", "late", "extensions", "exemptions", "counts",
    "drop_lowest", "choose", "ignore",
)  # fmt: skip


def found_in(folder: Path) -> Path | None:
    """The file in a class's folder; None where there is none. Raises AssignmentFileError for what is no file."""
    path = folder / FILE_NAME
    try:
        kind = path.lstat().st_mode
    except (OSError, ValueError):
        return None
    if not stat.S_ISREG(kind):
        raise AssignmentFileError(f"{path} is no regular file: put the file itself there, or use --assignment.")
    return path


def read_file(path: Path) -> str:
    """Its text. Raises AssignmentFileError."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with open(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise AssignmentFileError(f"{path} is no file: name the TOML file of an assignment.")
            data = file.read(MAX_SIZE + 1)
        if len(data) > MAX_SIZE:
            raise AssignmentFileError(f"{path} is larger than {MAX_SIZE >> 10} KiB: an assignment is a few lines.")
        return data.decode("utf-8-sig")
    except OSError as error:
        raise AssignmentFileError(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise AssignmentFileError(f"{path}, line {line}: this is not UTF-8; save the file as UTF-8.") from None


def parse(text: str, path: str, known: Collection[str] = ()) -> Assignment:
    """`known`: the exercises that there are, where that is known. Raises AssignmentFileError."""
    source = Source(text, one_line(path))
    top = Table(source, (), source.parsed)
    top.only(*TOP)
    top.zone = zone = zone_named(top, top.text("zone")) if "zone" in top else None
    due = top.moment("due")
    title = top.text("title") or Path(path).resolve().parent.name
    exercises = read_exercises(top, known)
    unit = top.one_of("unit", ("points", "percent"))
    total = top.number("total")
    if "total" in top and not total:
        raise top.refuse("total", "a number above 0")
    if unit == "percent" and total not in (None, HUNDRED):
        raise top.fail("total", 'total must be 100 where unit = "percent": leave it out, or use points.')
    weighted, worth = weigh(top, exercises)
    total = total or (HUNDRED if weighted or unit == "percent" else worth)
    decimals = top.whole("round", 2)
    assignment = Assignment(
        path=source.path,
        title=title,
        exercises={
            each.name: replace(each, worth=each.worth * total / worth, due=each.due or due) for each in exercises
        },
        total=total,
        zone=zone,
        unit=unit,
        decimals=2 if decimals is None else decimals,
        late=read_late(top.table("late")),
        extensions=tuple(read_special(each, exercises, is_extension=True) for each in top.tables("extensions")),
        exemptions=tuple(read_special(each, exercises, is_extension=False) for each in top.tables("exemptions")),
        counts=top.one_of("counts", ("newest", "best", "newest-before-due")),
        drop=top.whole("drop_lowest", 100) or 0,
        choose=top.texts("choose"),
        ignore=top.texts("ignore"),
    )
    check_sense(top, assignment)
    return assignment


def zone_named(top: Table, name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise top.refuse("zone", 'the name of a zone, like "Europe/Berlin"') from None


def read_exercises(top: Table, known: Collection[str]) -> list[Exercise]:
    """With the points or weights of the file, whichever it is, in `worth`."""
    if isinstance(top.value.get("exercises"), list):
        names = top.texts("exercises")
        for name in names:
            check_name(top, "exercises", name, known)
        if len(set(names)) < len(names):
            raise top.fail("exercises", "an exercise stands twice: keep it once.")
        return [Exercise(name, Fraction(1)) for name in names]
    tables = top.table("exercises")
    if tables is None or not tables.value:
        raise top.source.fail((), 'no exercises: write exercises = ["NAME"], or a table [exercises.NAME] for each.')
    found = []
    for name in tables.value:
        table = tables.table(name)
        assert table is not None
        table.only("points", "weight", "due", "checks")
        check_name(tables, name, name, known)
        if "points" in table and "weight" in table:
            raise table.fail("weight", f"{one_line(name)} has points and a weight: keep one of them.")
        worth = table.number("points" if "points" in table else "weight")
        checks, lines = read_checks(table.table("checks"))
        found.append(Exercise(name, Fraction(1) if worth is None else worth, table.moment("due"), checks, lines))
    return found


def read_checks(table: Table | None) -> tuple[dict[str, Fraction], dict[str, int]]:
    """The points of checks, and their lines."""
    if table is None:
        return {}, {}
    points = {key: number for key in table.value if (number := table.number(key)) is not None}
    return points, {key: table.source.line((*table.way, key)) for key in points}


def check_name(table: Table, key: str, name: str, known: Collection[str]) -> None:
    if known and name not in known:
        raise table.fail(key, f"no exercise is named {one_line(name)!r}{near(name, sorted(known))}")


def weigh(top: Table, exercises: Collection[Exercise]) -> tuple[bool, Fraction]:
    """Whether the exercises have weights and not points, and the sum. Raises AssignmentFileError for a mixture."""
    tables = top.value["exercises"]
    given = [tables[each.name] for each in exercises] if isinstance(tables, dict) else []
    pointed = [each for each in given if "points" in each]
    if pointed and len(pointed) < len(given):
        other = next(each.name for each in exercises if "points" not in tables[each.name])
        raise top.source.fail(
            ("exercises", other), f"{one_line(other)} has no points and others have: give points to all, or weights."
        )
    worth = sum((each.worth for each in exercises), Fraction(0))
    if not worth:
        raise top.fail("exercises", "all exercises together are worth nothing: give one of them more than 0.")
    return not pointed, worth


def read_late(table: Table | None) -> Late:
    if table is None:
        return Late()
    table.only("percent", "points", "per", "of", "grace", "cap", "cutoff", "days", "pool")
    if "percent" in table and "points" in table:
        raise table.fail("points", "percent and points are both given: keep one of them.")
    unit = "points" if "points" in table else "percent"
    percent, pointed = table.number("percent", 100), table.number("points")
    of = table.one_of("of", ("worth", "score"))
    if unit == "points" and "of" in table:
        raise table.fail("of", "points are of nothing: leave `of` out, or write percent.")
    cap = table.number("cap", 100) if unit == "percent" else table.number("cap")
    late = Late(
        rate=percent or pointed or Fraction(0),
        unit="points" if unit == "points" else "percent",
        per=table.one_of("per", ("day", "hour")),
        of=of,
        grace=table.duration("grace") or Duration(),
        cap=cap,
        cutoff=table.moment("cutoff") if not isinstance(table.value.get("cutoff"), str) else table.duration("cutoff"),
        days=table.whole("days", MAX_DAYS) or 0,
        pool=table.text("pool"),
    )
    if late.pool and not late.days:
        raise table.fail("pool", "a pool needs `days`: how many late days each student has in it.")
    return late


def read_special(table: Table, exercises: Collection[Exercise], *, is_extension: bool) -> Special:
    names = [each.name for each in exercises]
    table.only("students", "sections", "groups", "exercises", *(["due", "by"] if is_extension else []), "reason")
    special = Special(
        line=table.source.line(table.way),
        students=table.texts("students"),
        sections=table.texts("sections"),
        groups=table.texts("groups"),
        exercises=table.texts("exercises"),
        due=table.moment("due") if is_extension else None,
        by=table.duration("by") if is_extension else None,
        reason=table.text("reason"),
    )
    for name in special.exercises:
        check_name(table, "exercises", name, names)
    if not (special.students or special.sections or special.groups):
        raise table.source.fail(table.way, "nobody is named: write students, sections or groups.")
    if is_extension and (special.due is None) == (special.by is None):
        raise table.source.fail(table.way, 'write either due = 2026-05-10T23:59:00+02:00 or by = "2 days".')
    return special


def check_sense(top: Table, assignment: Assignment) -> None:
    """What is right by itself and does nothing together."""
    dated = [each for each in assignment.exercises.values() if each.due]
    late = assignment.late
    if not dated and "late" in top:
        raise top.fail("late", "lateness needs a due date: write due = 2026-05-03T23:59:00+02:00 at the top.")
    if not dated and assignment.extensions:
        raise top.fail("extensions", "an extension needs a due date: write due = 2026-05-03T23:59:00+02:00 at the top.")
    if late.days and not late.rate:
        raise top.source.fail(("late", "days"), "late days need what a day costs without one: write percent or points.")
    if assignment.drop >= len(assignment.exercises) and assignment.drop:
        raise top.fail(
            "drop_lowest", f"of {len(assignment.exercises)} exercises at least one must count: write a smaller number."
        )
    for problem in undated_extensions(assignment):
        raise problem


def undated_extensions(assignment: Assignment) -> Iterator[AssignmentFileError]:
    for special in assignment.extensions:
        for name in special.exercises:
            if assignment.exercises[name].due is None:
                yield assignment.fail(special.line, f"{one_line(name)} has no due date that could be extended.")
