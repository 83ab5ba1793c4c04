"""`grader feedback`, `grader page` and `grader anonymous`: what goes back to students, and who may see names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from grader.cli.options import FULL_MARKS, MARKS_LOST, complete_exercise, leave, one_line_errors, reports_option
from grader.course.choice import find_course
from grader.errors import GraderError
from grader.gradebook.assignment.grades import in_force, score
from grader.gradebook.pseudonyms import Anonymous, Key, beside
from grader.gradebook.store import Gradebook
from grader.text import count, one_line

FORMATS = ("moodle", "canvas", "nbgrader", "github", "folder", "zip")

anonymous_option = click.option(
    "--anonymous", is_flag=True, help="Pseudonyms in the place of names, as the key beside the reports has them."
)
key_option = click.option(
    "--key", "key_path", type=click.Path(path_type=Path, dir_okay=False),
    help="The key of the pseudonyms.  [default: <reports>-key.csv, beside the folder]",
)  # fmt: skip


@click.command()
@click.option("--format", "form", type=click.Choice(FORMATS), required=True, help="Which system takes it back.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True,
    help="The zip (moodle, canvas, zip) or the folder (nbgrader: the course's) to write.",
)  # fmt: skip
@click.option(
    "-e", "--exercise", "exercises", multiple=True, shell_complete=complete_exercise,
    help="Only the reports in this exercise; may be repeated.",
)  # fmt: skip
@anonymous_option
@key_option
@reports_option
@one_line_errors
def feedback(
    form: str, output: Path, exercises: tuple[str, ...], anonymous: bool, key_path: Path | None, reports: Path
) -> None:
    """Hand back each student's reports, in the form that a system takes them back in.

    moodle: a zip for "Upload multiple feedback files in a zip". canvas: one for "Upload submissions". nbgrader: the
    folder feedback/ of a course. github: a folder a repository. folder and zip: a folder a student. Of whom there is no
    report is told on stderr; exit status 1 if there is anybody who handed in.
    """
    from grader.feedback import FeedbackError, collect, write

    if anonymous and form not in ("folder", "zip"):
        raise FeedbackError(f"--anonymous is for folder and zip: {form} finds students by their ids.")
    with Gradebook.existing(reports) as gradebook:
        waiting = gradebook.count_ungraded()
        scores = score(gradebook, in_force(gradebook))
        if anonymous:
            book = unnamed(gradebook, key_path)
            package = collect(book, form, exercises, book.scores(scores))
        else:
            package = collect(gradebook, form, exercises, scores)
        number = write(package, output)
    for note in package.notes:
        click.echo(one_line(note), err=True)
    if waiting:
        click.echo(
            f"{count(waiting, 'file')} not graded yet, for a run was stopped: grade the same folder again", err=True
        )
    click.echo(one_line(f"{count(number, 'file')} for {count(len(package.people), 'student')}: {output}"))
    leave(MARKS_LOST if package.missing or waiting else FULL_MARKS)


@click.command()
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, file_okay=False),
    help="Folder to write index.html to.  [default: that of the reports]",
)  # fmt: skip
@anonymous_option
@key_option
@reports_option
@one_line_errors
def page(output: Path | None, anonymous: bool, key_path: Path | None, reports: Path) -> None:
    """Write the page of the class again; --anonymous with reports of its own, all of it without names."""
    from grader.feedback import FeedbackError, collect, write
    from grader.report import class_overview

    if anonymous and (output is None or output.resolve() == reports.resolve()):
        raise FeedbackError("--anonymous needs a folder of its own: name it with --output.")
    notes: Sequence[str] = ()
    with Gradebook.existing(reports) as gradebook:
        scores = score(gradebook, in_force(gradebook))
        if anonymous and output is not None:
            book = unnamed(gradebook, key_path)
            package = collect(book, "page", scores=book.scores(scores))
            write(package, output)
            notes = package.notes
            path = class_overview.write(book, output, titles(), book.scores(scores), reports="")
        else:
            path = class_overview.write(gradebook, output or reports, titles(), scores)
    for note in notes:
        click.echo(one_line(note), err=True)
    click.echo(one_line(f"Overview: {path}"))
    leave(FULL_MARKS)


@click.group()
def anonymous() -> None:
    """Pseudonyms for double marking."""


@anonymous.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@reports_option
@one_line_errors
def key(file: Path | None, reports: Path) -> None:
    """Make the key of the pseudonyms, or add to it whoever is new. Keep it from who marks without names.

    FILE is made beside the folder of the reports where it is not named, and only you can read it.
    """
    with Gradebook.existing(reports) as gradebook:
        made = Anonymous(gradebook, Key(file or beside(reports)))
    click.echo(one_line(f"{count(len(made.pseudonyms), 'pseudonym')}: {file or beside(reports)}"))
    leave(FULL_MARKS)


def unnamed(gradebook: Gradebook, key: Path | None) -> Anonymous:
    """The gradebook without names; says where the key is."""
    path = key or beside(gradebook.path.parent)
    book = Anonymous(gradebook, Key(path))
    click.echo(one_line(f"Key of the pseudonyms: {path}"), err=True)
    return book


def titles() -> dict[str, str]:
    """Of the exercises of the course that is at hand."""
    try:
        course = find_course(None, say=False)
    except GraderError:
        return {}
    return {name: course.exercise(name).title for name in course.names}
