"""The command `grader new`: the files of a new exercise, from an example or from a notebook."""

from __future__ import annotations

from pathlib import Path

import click

from grader.authoring.scaffold import ScaffoldError, check_name, example, write
from grader.cli.options import CONTEXT, FULL_MARKS, course_option, leave, one_line_errors
from grader.course.choice import course_at_hand, named_course
from grader.course.course import Course, CourseError, is_course
from grader.course.trust import TrustError, trust


@click.command(context_settings=CONTEXT)
@click.argument("name")
@click.option("--torch", is_flag=True, help="An example in torch, with a gradient, instead of NumPy.")
@click.option(
    "--from-notebook", "notebook", metavar="FILE", type=click.Path(path_type=Path),
    help="Make the exercise from a notebook with ### BEGIN SOLUTION … ### END SOLUTION regions.",
)  # fmt: skip
@course_option
@one_line_errors
def new(name: str, torch: bool, notebook: Path | None, course_folder: Path | None) -> None:
    """Write the files of a new exercise: a stub, a reference, a hidden suite, known mistakes.

    They hold a small example that `grader check NAME` proves as it stands: change it step by step into your own.
    A folder that is no course yet becomes one, which you trust (`grader trust`); a file that is there already is never
    overwritten.
    """
    if torch and notebook is not None:
        raise click.UsageError("--torch chooses an example, --from-notebook brings its own: give one of them.")
    check_name(name)
    here = Path.cwd()
    root = named_course(course_folder) or target(here)
    # All that will run as the user is then what is written here.
    is_made = not any((root / name).exists() for name in ("solutions", "conftest.py"))
    if is_course(root) and Course(root).is_sealed:
        raise ScaffoldError(f"{root} is a student edition: write exercises in the course that it was packed from.")
    if notebook is None:
        draft = example(name, "torch" if torch else "numpy")
    else:
        from grader.authoring.from_notebook.draft import draft_from

        draft = draft_from(notebook, name)
    for path in write(draft.files(name), root):
        click.echo(path.relative_to(here) if path.is_relative_to(here) else path)
    if is_made:
        try:
            trust(root)
        except TrustError as error:
            click.echo(f"Note: {error}", err=True)
    for note in draft.notes:
        click.echo(f"To do: {note}", err=True)
    leave(FULL_MARKS)


def target(here: Path) -> Path:
    """The course to write into where none is named: the one at hand, else the working folder, which becomes one.

    Raises CourseError where the one at hand is not trusted.
    """
    course, passed_over = course_at_hand()
    if passed_over:
        raise CourseError(passed_over)
    return course.root if course else here
