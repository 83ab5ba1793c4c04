"""`grader assignment`: what exercises are worth together and until when, and what follows for the class."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.options import (
    FULL_MARKS,
    complete_exercise,
    course_option,
    leave,
    one_line_errors,
    reports_option,
)
from grader.course.choice import find_course
from grader.course.course import Course
from grader.gradebook.assignment import stored
from grader.gradebook.assignment.changes import lines_of_changes
from grader.gradebook.assignment.grades import Scores, in_force, score, taken_in
from grader.gradebook.assignment.reading import found_in, parse, read_file
from grader.gradebook.assignment.settings import FILE_NAME, Assignment, AssignmentFileError
from grader.gradebook.assignment.stored import Applied
from grader.gradebook.store import FILE_NAME as GRADEBOOK
from grader.gradebook.store import Gradebook
from grader.text import one_line, points

if TYPE_CHECKING:
    from grader.gradebook.assignment.scoring import Mark

ALL = 1_000_000  # lines
FILE = click.Path(path_type=Path)


@click.group()
def assignment() -> None:
    """Put exercises together for one grade: points, due dates, lateness, extensions. Nothing is graded again for it."""


@assignment.command()
@click.argument("exercises", nargs=-1, metavar="[EXERCISE]...", shell_complete=complete_exercise)
@click.option("-o", "--output", type=FILE, default=Path(FILE_NAME), show_default=True, help="File to write.")
@click.option("--title", help="What it is called.  [default: the folder's name]")
@course_option
@one_line_errors
def new(exercises: tuple[str, ...], output: Path, title: str | None, course_folder: Path | None) -> None:
    """Begin a file for EXERCISEs, by default all of the course. What else it may say stands in it as comments."""
    from grader.gradebook.assignment.template import begin

    course = find_course(course_folder, say=False)
    for name in exercises:
        course.exercise(name)
    names = list(dict.fromkeys(exercises)) or list(course.names)
    text = begin(title or real(output).parent.name, names, zone_here(), date.today() + timedelta(days=7))
    parse(text, str(output), names)
    try:
        with open(output, "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise AssignmentFileError(f"{output} is there already: name another file with -o.") from None
    except OSError as error:
        raise AssignmentFileError(f"{output} cannot be written: {error.strerror}.") from None
    click.echo(one_line(f"{output} is written: put it into the folder that you grade, at its top."))
    leave(FULL_MARKS)


@assignment.command()
@click.argument("file", type=FILE)
@course_option
@reports_option
@one_line_errors
def check(file: Path, course_folder: Path | None, reports: Path) -> None:
    """Say whether FILE is understood, and how; with a gradebook, whether it fits the class. Changes nothing."""
    course = find_course(course_folder, say=False)
    applied = read(file)
    if (reports / GRADEBOOK).is_file():
        with Gradebook.existing(reports) as gradebook:
            known = known_exercises(gradebook, course)
            parse(applied.text, applied.path, known)
            kept = taken_in(stored.assignments(gradebook), applied, is_named=True, exercises=known)
            scores = score(gradebook, [parse(each.text, each.path) for each in kept])
            made = next(each for each in scores if each.assignment.path == applied.path)
    else:
        made = Scores(parse(applied.text, applied.path, list(course.names)), {}, {})
    for line in describe(made.assignment):
        click.echo(one_line(line))
    for note in made.notes:
        click.echo(one_line(note), err=True)
    leave(FULL_MARKS)


@assignment.command()
@click.argument("file", type=FILE, required=False)
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--all", "everybody", is_flag=True, help="Name everybody whose score changes.")
@course_option
@reports_option
@one_line_errors
def apply(file: Path | None, dry_run: bool, everybody: bool, course_folder: Path | None, reports: Path) -> None:
    """Score the class by FILE, else by the files in force as they are now, and say who gains and who loses by it.

    Nothing is graded: scores follow from stored results. `grade CLASS` does the same for the file at the top of CLASS.
    """
    course = find_course(course_folder, say=False)
    with Gradebook.existing(reports) as gradebook:
        known = known_exercises(gradebook, course)
        kept = stored.assignments(gradebook)
        files = [replace(read(file), is_named=True)] if file else list(renewed(kept))
        if not files and not kept:
            raise AssignmentFileError("No assignment is in force: name its file.")
        for each in files:
            kept = taken_in(kept, each, is_named=True, exercises=known)
        before = stored.marks(gradebook)
        scores = score(gradebook, [parse(each.text, each.path) for each in kept])
        if not dry_run:
            stored.set_assignments(gradebook, kept)
            keep(gradebook, scores)
            write_page(gradebook, reports, course, scores)
    for line in lines_of_scores(scores, before, ALL if everybody else None):
        click.echo(one_line(line))
    for note in notes_of(scores):
        click.echo(one_line(note), err=True)
    leave(FULL_MARKS)


@assignment.command()
@reports_option
@one_line_errors
def show(reports: Path) -> None:
    """List the assignments in force, and whether their files have changed since."""
    with Gradebook.existing(reports) as gradebook:
        applied = stored.assignments(gradebook)
    for each in applied:
        for line in describe(parse(each.text, each.path)):
            click.echo(one_line(line))
        if stale := doubt(each):
            click.echo(one_line(f"  {stale}"))
    if not applied:
        click.echo("No assignment is in force.")
    leave(FULL_MARKS)


@assignment.command()
@click.argument("title")
@reports_option
@one_line_errors
def forget(title: str, reports: Path) -> None:
    """Take the assignment with TITLE, or of that file, out of force. Results and its file stay."""
    with Gradebook.existing(reports) as gradebook:
        found = named(in_force(gradebook), title)
        stored.forget(gradebook, found.path)
    click.echo(one_line(f"{found.title} is not in force any more; results stay."))
    leave(FULL_MARKS)


def named(assignments: Sequence[Assignment], text: str) -> Assignment:
    """By title or file. Raises AssignmentFileError."""
    path = str(real(Path(text)))
    found = [each for each in assignments if text.casefold() == each.title.casefold() or path == each.path]
    if not found:
        titles = ", ".join(repr(each.title) for each in assignments) or "none"
        raise AssignmentFileError(f"No assignment in force is called {one_line(text)!r}: there are {titles}.")
    return found[0]


def read(file: Path) -> Applied:
    """The file, or that in a folder."""
    if file.is_dir():
        found = found_in(file)
        if found is None:
            raise AssignmentFileError(f"No {FILE_NAME} in {file}: begin one with `grader assignment new`.")
        file = found
    return Applied(str(real(file)), read_file(file))


def renewed(kept: Sequence[Applied]) -> Iterator[Applied]:
    """As their files are now; those that are gone stay as they were."""
    for each in kept:
        if os.path.isfile(each.path):
            yield replace(each, text=read_file(Path(each.path)))


def doubt(applied: Applied) -> str:
    """What has happened to the file since it was taken in."""
    if not os.path.isfile(applied.path):
        return f"{applied.path} is gone; what it said stays in force"
    try:
        is_same = read_file(Path(applied.path)) == applied.text
    except AssignmentFileError as error:
        return str(error)
    return "" if is_same else f"{applied.path} has changed since: `grader assignment apply` takes it in"


def real(file: Path) -> Path:
    return Path(os.path.realpath(file.parent)) / file.name


def zone_here() -> str:
    """The zone of this machine, where it has a name."""
    from zoneinfo import ZoneInfo

    name = os.environ.get("TZ") or os.path.realpath("/etc/localtime").partition("zoneinfo/")[2]
    try:
        return ZoneInfo(name).key if name and not name.startswith("Etc/") else "UTC"
    except (KeyError, ValueError, OSError):
        return "UTC"


def known_exercises(gradebook: Gradebook, course: Course) -> set[str]:
    return {*course.names, *gradebook.exercises()}


def keep(gradebook: Gradebook, scores: Sequence[Scores]) -> None:
    """Remembers what is told, to be compared with what is told next."""
    stored.set_marks(gradebook, {key: value for each in scores for key, value in each.marks()})


def write_page(gradebook: Gradebook, reports: Path, course: Course, scores: Sequence[Scores]) -> Path:
    from grader.report import class_overview

    return class_overview.write(
        gradebook, reports, {name: course.exercise(name).title for name in course.names}, scores
    )


def lines_of_scores(scores: Sequence[Scores], before: stored.Marks, shown: int | None = None) -> Iterator[str]:
    """Of each assignment how the class stands, and what has changed."""
    for each in scores:
        yield summary(each)
        yield from lines_of_changes(each, before, *([] if shown is None else [shown]))


def notes_of(scores: Sequence[Scores]) -> Iterator[str]:
    for each in scores:
        for note in each.notes:
            yield note if note.startswith(each.assignment.path) else f"{each.assignment.title}: {note}"


def summary(scores: Scores) -> str:
    return f"Assignment {scores.assignment.title}: {standing(scores)}"


def standing(scores: Scores) -> str:
    """How the class stands, in a line."""
    totals = sum(each.share is not None for each in scores.standings.values())
    mean = scores.mean()
    marks: list[Mark] = [mark for each in scores.standings.values() for mark in each.marks.values()]
    late = sum(bool(mark.lateness.units or mark.lateness.is_over) for mark in marks)
    days = sum(each.days for each in scores.standings.values())
    missing = sum(mark.state == "missing" for mark in marks)
    exempt = sum(mark.state == "exempt" for mark in marks)
    unit = " %" if scores.assignment.unit == "percent" else f" / {points(float(scores.assignment.total))}"
    parts = [
        "no totals yet" if mean is None else f"mean {points(mean)}{unit}",
        f"{late} late" if late else "",
        f"late days used: {days}" if days else "",
        f"{missing} missing (0 points)" if missing else "",
        f"{exempt} exempt" if exempt else "",
    ]
    return f"{totals} with a total, {', '.join(filter(None, parts))}"


def describe(assignment: Assignment) -> Iterator[str]:
    """What a file comes to, in a few lines."""
    total = "percent" if assignment.unit == "percent" else f"{points(float(assignment.total))} points"
    yield f"{assignment.title}: {total}, {assignment.counts} attempt counts ({assignment.path})"
    for each in assignment.exercises.values():
        due = f", due {each.due:%Y-%m-%d %H:%M:%S %Z}" if each.due else ""
        checks = f", other points for {', '.join(each.checks)}" if each.checks else ""
        yield f"  {each.name}: {points(float(each.worth))}{due}{checks}"
    yield from (f"  {line}" for line in terms(assignment))


def terms(assignment: Assignment) -> Iterator[str]:
    """What lateness costs, and what else does not hold for all."""
    late = assignment.late
    if late.rate:
        unit = f"% of the {late.of}" if late.unit == "percent" else "points"
        cap = f", {points(float(late.cap))} at most" if late.cap is not None else ""
        pool = f" shared as {late.pool}" if late.pool else ""
        days = f"; late days: {late.days}{pool}" if late.days else ""
        yield f"late: {points(float(late.rate))} {unit} for each {late.per} begun{cap}{days}"
    if assignment.drop:
        yield f"the lowest {assignment.drop} by percent {'is' if assignment.drop == 1 else 'are'} dropped"
    if assignment.extensions or assignment.exemptions:
        yield f"extensions: {len(assignment.extensions)}, exemptions: {len(assignment.exemptions)}"
