"""The commands `grader gradescope build` and `grader gradescope run`: parse, call, print."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.options import CONTEXT, FULL_MARKS, Number, complete_exercise, course_option, leave, one_line_errors
from grader.course.choice import find_course
from grader.integrations.gradescope.assignment import VISIBILITIES, VISIBLE, Assignment, parts_of
from grader.text import points as written


@click.group(context_settings=CONTEXT)
def gradescope() -> None:
    """Grade on Gradescope."""


@gradescope.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME...", shell_complete=complete_exercise)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), default=Path("autograder.zip"),
    show_default=True, help="File to write.",
)  # fmt: skip
@course_option
@click.option("--points", type=Number(0, min_open=True), help="What full marks come to.  [default: the exercises' own]")
@click.option("--timeout", type=Number(0.1), default=10.0, show_default=True, help="Seconds a check may take.")
@click.option(
    "--memory", type=click.IntRange(64, 2**30), default=1024, show_default=True, help="MiB a submission may use.",
)  # fmt: skip
@click.option(
    "--deadline", type=Number(1), default=540.0, show_default=True,
    help="Seconds for a whole submission: less than the autograder's limit in Gradescope's settings.",
)  # fmt: skip
@click.option(
    "--hidden-input", type=click.Choice(VISIBILITIES), default=VISIBLE, show_default=True,
    help="When students see the checks marked hidden_input. While any is hidden they see no total.",
)  # fmt: skip
@click.option("--torch-index", metavar="URL", help="Where pip finds torch without CUDA, if not by uv.")
@click.option("--allow-unsandboxed", is_flag=True, help="Grade even where the container lacks a wall of the sandbox.")
@one_line_errors
def build(
    names: tuple[str, ...],
    output: Path,
    course_folder: Path | None,
    points: float | None,
    timeout: float,
    memory: int,
    deadline: float,
    hidden_input: str,
    torch_index: str | None,
    allow_unsandboxed: bool,
) -> None:
    """Write the zip that Gradescope takes as an autograder.

    It holds the grader and the named exercises with their suites and references: keep it from students.
    """
    from grader.integrations.gradescope.bundle import bundle

    course = find_course(course_folder, meant=True)
    parts = parts_of(course, names, hidden_input)
    assignment = Assignment(parts, points, timeout, memory, deadline, allow_unsandboxed)
    output.write_bytes(bundle(course, assignment, torch_index))
    total = sum(part.points for part in parts) * assignment.scale
    click.echo(f"{output}: {', '.join(part.name for part in parts)}. Set the autograder's points to {written(total)}.")
    leave(FULL_MARKS)


@gradescope.command()
@click.option(
    "--root", type=click.Path(path_type=Path, file_okay=False), default=Path("/autograder"), show_default=True,
    help="The folder with source/, submission/ and results/.",
)  # fmt: skip
@one_line_errors
def run(root: Path) -> None:
    """Grade a submission in Gradescope's container into results/results.json; run_autograder calls this."""
    from grader.integrations.gradescope import run as runner

    runner.run(root.resolve())
    leave(FULL_MARKS)
