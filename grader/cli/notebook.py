"""The command `grader notebook`: parse, call, print."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.options import CONTEXT, FULL_MARKS, complete_exercise, course_option, leave, one_line_errors
from grader.course.choice import find_course


@click.command(context_settings=CONTEXT)
@click.argument("names", nargs=-1, required=True, metavar="NAME...", shell_complete=complete_exercise)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False),
    help="File to write.  [default: NAME.ipynb, or assignment.ipynb for several exercises]",
)  # fmt: skip
@click.option("--nbgrader", is_flag=True, help="For nbgrader: locked cells, marked solutions, a graded cell each.")
@click.option("-f", "--force", is_flag=True, help="Replace a file that is there.")
@course_option
@one_line_errors
def notebook(
    names: tuple[str, ...], output: Path | None, nbgrader: bool, force: bool, course_folder: Path | None
) -> None:
    """Write an assignment notebook from the stubs of exercises: statements, cells to fill in, a cell that grades.

    `grade` takes the notebook back when it is filled in. Nothing of the solutions is in it.
    """
    from grader.authoring.assignment.cells import AssignmentError
    from grader.authoring.assignment.document import document

    names = tuple(dict.fromkeys(names))
    text = document(find_course(course_folder, meant=True), names, nbgrader=nbgrader)
    target = output or Path(f"{names[0] if len(names) == 1 else 'assignment'}.ipynb")
    try:
        with target.open("w" if force else "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise AssignmentError(
            f"{target} is there already, perhaps with work in it: name another with -o, or replace it with --force."
        ) from None
    except OSError as error:
        raise AssignmentError(f"{target} cannot be written: {error.strerror or error}.") from None
    click.echo(f"{target}: {', '.join(names)}")
    leave(FULL_MARKS)
