"""The command `grader`: tools for course authors and instructors. Parse, call, print."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import click

from grader import __version__
from grader.cli.assignment import assignment
from grader.cli.classroom import classroom
from grader.cli.classroom50 import classroom50
from grader.cli.decide import comment, override
from grader.cli.explain import explain
from grader.cli.feedback import anonymous, anonymous_option, feedback, key_option, page, unnamed
from grader.cli.gradescope import gradescope
from grader.cli.history import diff, show_history
from grader.cli.new import new
from grader.cli.notebook import notebook
from grader.cli.options import (
    CONTEXT,
    FULL_MARKS,
    MARKS_LOST,
    complete_exercise,
    course_option,
    leave,
    one_line_errors,
    reports_option,
)
from grader.cli.pack import pack
from grader.cli.roster import roster
from grader.cli.warm import warm
from grader.course.choice import find_course, real
from grader.course.course import CourseError, is_course
from grader.errors import GraderError
from grader.gradebook.export import FORMATS
from grader.gradebook.pseudonyms import Anonymous
from grader.gradebook.store import Gradebook
from grader.result import Sandbox
from grader.sandbox.cgroup import memory_limit
from grader.sandbox.host import Hosts
from grader.text import one_line

MARGIN, WIDEST = 17, 100  # columns
NOT_HERE = (
    "Without them a submission still runs in a process of its own that holds no answer, with deadlines and a bound on "
    "what it prints, but as you. That will do for your own files. To grade others', use a Linux where all walls stand: "
    "on Windows WSL 2, elsewhere a container. docs/installing.md shows how."
)


@click.group(context_settings=CONTEXT)
@click.version_option(__version__, prog_name="grader")
def grader() -> None:
    """Tools for course authors."""


@grader.command()
@click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=complete_exercise)
@course_option
@click.option("-j", "--jobs", type=click.IntRange(1), default=1, show_default=True, help="Exercises checked at once.")
@click.option("--mutants", is_flag=True, help="Change each reference in many small ways: which changes pass unseen?")
@one_line_errors
def check(names: tuple[str, ...], course_folder: Path | None, jobs: int, mutants: bool) -> None:
    """Prove exercises: stub, reference, known mistakes, points. One line a finding; exit status 1 if there is any.

    With --mutants, measure how strong the suites are: killed, survived and timed-out changes, survivors with a diff.
    """
    from grader.authoring.check import check_course

    course = find_course(course_folder, meant=True)
    for name in names:
        course.exercise(name)
    count = 0
    for summary, findings in check_course(course, names, jobs=jobs, mutants=mutants):
        for finding in findings:
            click.echo(finding)
        click.echo(summary, err=True)
        count += len(findings)
    leave(MARKS_LOST if count else FULL_MARKS)


@grader.command()
@click.argument("folder", required=False, metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--list", "show", is_flag=True, help="Show the courses that you trust.")
@click.option("--remove", is_flag=True, help="Trust DIR no longer.")
@one_line_errors
def trust(folder: Path | None, show: bool, remove: bool) -> None:
    """Let a course count wherever you work in its folder: its suites run as you.

    A course that is found in the working folder, or above it, may be what a student handed in. It counts only where you
    trust it. Trust ends when another folder takes its place, or when its owner changes.
    """
    from grader.course import trust as store

    if show is (folder is not None) or (show and remove):
        raise click.UsageError("Name the folder of a course, or ask for the --list.")
    if folder is None:
        for each in store.trusted():
            doubt = store.doubt(each)
            click.echo(one_line(f"{each}: not in force, as {doubt}" if doubt else str(each)))
    elif remove:
        known = store.distrust(folder)
        click.echo(one_line(f"{real(folder)}: {'not trusted any more' if known else 'was not trusted'}"))
    else:
        if not is_course(folder):
            raise CourseError(f"{folder} is not a course: it needs the folders exercises/ and solutions/ (or sealed/).")
        store.trust(folder)
        click.echo(one_line(f"{real(folder)}: trusted. `grader trust --remove DIR` takes that back."))
    leave(FULL_MARKS)


@grader.command()
@one_line_errors
def doctor() -> None:
    """Show the walls of the sandbox on this machine; exit status 1 if one is missing."""
    with Hosts() as hosts:
        layers = hosts.get(("numpy",)).layers
    for layer in layers:
        mark = click.style("✓", fg="green") if layer.active else click.style("✗", fg="red")
        told = click.wrap_text(f"keeps a submission from {layer.stops}", width() - MARGIN).splitlines()
        click.echo(f"{mark} {layer.name:14} " + f"\n{'':{MARGIN}}".join(told))
    if missing := Sandbox.of(layers).missing:
        tell(f"Missing: {missing}.")
        tell(NOT_HERE)
    if most := memory_limit():
        tell(f"This container has {most} MiB of memory: a submission may use no more, whatever --memory says.")
    leave(FULL_MARKS if all(layer.active for layer in layers) else MARKS_LOST)


def tell(paragraph: str) -> None:
    click.echo(click.wrap_text(paragraph, width()))


def width() -> int:
    return min(shutil.get_terminal_size().columns, WIDEST) - 1  # one in the last column would break in some terminals


@grader.command()
@click.option("--format", "form", type=click.Choice(FORMATS), required=True, help="What to write.")
@click.option("-e", "--exercise", shell_complete=complete_exercise, help="Only the grades in this exercise.")
@click.option(
    "--into", type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="A sheet downloaded from Canvas or Moodle: its rows are filled in, by id.",
)  # fmt: skip
@click.option("--maximum", type=float, help="What an exercise is worth.  [default: its own points]")
@click.option(
    "--column", "columns", multiple=True, metavar="EXERCISE=ID",
    help="Which column of a Canvas sheet is an exercise's, or that of the total: its number, its title, or new.",
)  # fmt: skip
@click.option("--assignment", "title", metavar="TITLE", help="Which assignment, where several are in force.")
@click.option("--no-assignment", is_flag=True, help="The scores as they were graded, whatever an assignment says.")
@click.option("--bom", is_flag=True, help="Begin a new table with a byte order mark: Excel reads it as UTF-8 then.")
@anonymous_option
@key_option
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="File to write, not stdout.")
@reports_option
@one_line_errors
def export(
    form: str,
    exercise: str | None,
    into: Path | None,
    maximum: float | None,
    columns: tuple[str, ...],
    title: str | None,
    no_assignment: bool,
    bom: bool,
    anonymous: bool,
    key_path: Path | None,
    output: Path | None,
    reports: Path,
) -> None:
    """Write the gradebook's grades for another program: a table, a Canvas or Moodle sheet, JSON, JUnit.

    Who is missing on either side is told on stderr.
    """
    from grader.cli.assignment import doubt, named
    from grader.gradebook.assignment import stored
    from grader.gradebook.assignment.grades import in_force, score
    from grader.gradebook.export import ExportError
    from grader.gradebook.export import export as exported

    if title and no_assignment:
        raise click.UsageError("Name an --assignment, or none.")
    if anonymous and into is not None:
        raise ExportError("--anonymous is for a new table: an existing sheet is filled in by ids.")
    with Gradebook.existing(reports) as gradebook:
        waiting = gradebook.count_ungraded()
        if waiting:
            subject = "1 file is" if waiting == 1 else f"{waiting} files are"
            click.echo(f"{subject} not graded yet, for a run was stopped: grade the same folder again", err=True)
        assignments = [] if no_assignment else in_force(gradebook)
        scores = score(gradebook, assignments)
        if title:
            chosen = named(assignments, title)
            scores = [each for each in scores if each.assignment is chosen]
        for stale in filter(None, map(doubt, stored.assignments(gradebook) if assignments else ())):
            click.echo(one_line(stale), err=True)
        counted = {name for each in assignments for name in each.exercises}
        left = sorted(set(gradebook.exercises()) - counted) if counted and not exercise and form != "json" else []
        if left and form != "junit":
            click.echo(one_line(f"In no assignment, and left out: {', '.join(left)}"), err=True)
        book: Gradebook | Anonymous = gradebook
        if anonymous:
            book = hidden = unnamed(gradebook, key_path)
            scores = hidden.scores(scores)
        made = exported(
            book.grades(), form, into, exercise=exercise, maximum=maximum, people=book.people(),
            lost=book.not_graded(), columns=dict(read_column(each) for each in columns), known=exercises_at_hand(),
            scores=scores, mark=bom,
        )  # fmt: skip
    for note in made.notes:
        click.echo(note, err=True)
    data = made.text.encode()  # as bytes: the line ends are the format's
    if output is None:
        sys.stdout.buffer.write(data)
    else:
        output.write_bytes(data)
    leave(FULL_MARKS)


def exercises_at_hand() -> list[str]:
    try:
        return list(find_course(None, say=False).names)
    except GraderError:
        return []


def read_column(text: str) -> tuple[str, str]:
    exercise, equals, column = text.partition("=")
    if not (exercise and equals and column):
        raise click.UsageError(f"--column {text}: write it as EXERCISE=ID, like softmax=12345.")
    return exercise.strip(), column.strip()


grader.add_command(anonymous)
grader.add_command(assignment)
grader.add_command(classroom)
grader.add_command(classroom50)
grader.add_command(comment)
grader.add_command(diff)
grader.add_command(explain)
grader.add_command(feedback)
grader.add_command(gradescope)
grader.add_command(show_history)
grader.add_command(new)
grader.add_command(notebook)
grader.add_command(override)
grader.add_command(pack)
grader.add_command(page)
grader.add_command(roster)
grader.add_command(warm)
