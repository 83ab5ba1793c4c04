"""The commands `grader classroom50 build`, `run` and `import`: parse, call, print."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.options import (
    CONTEXT,
    FULL_MARKS,
    MARKS_LOST,
    Number,
    complete_exercise,
    course_option,
    leave,
    one_line_errors,
    reports_option,
)
from grader.course.choice import find_course

if TYPE_CHECKING:
    from grader.gradebook.store import Grade

SHOWN = 20  # findings
SHARE = 40.0  # seconds that an exercise should have, all included
WHAT_STUDENTS_CAN_DO = (
    "Anybody can read the folder: it holds the answers for {seeds}, and no line of a solution. A student can answer "
    "these and nothing else, or change the workflow, so these scores are for learning. For marks, clone the "
    "repositories and grade them with the course itself: its inputs are fresh."
)


@click.group(context_settings=CONTEXT)
def classroom50() -> None:
    """Grade on every push with Classroom 50."""


@classroom50.command()
@click.argument("names", nargs=-1, required=True, metavar="EXERCISE...", shell_complete=complete_exercise)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, file_okay=False), required=True, metavar="DIR",
    help="The folder CLASSROOM/autograders/ASSIGNMENT of the config repository.",
)  # fmt: skip
@course_option
@click.option("--seeds", type=click.IntRange(1, 100), default=3, show_default=True, help="Sets of inputs to draw.")
@click.option("--timeout", type=Number(0.1), default=10.0, show_default=True, help="Seconds a check may take.")
@click.option(
    "--deadline", type=Number(60, 780), default=600.0, show_default=True,
    help="Seconds for installing and grading: Classroom 50 ends the job after 900.",
)  # fmt: skip
@click.option("--torch-index", metavar="URL", default="", help="Where pip finds torch without CUDA, if not by uv.")
@click.option("--allow-unsandboxed", is_flag=True, help="Grade even where the runner lacks a wall of the sandbox.")
@click.option("-j", "--jobs", type=click.IntRange(1), default=1, show_default=True, help="Exercises sealed at once.")
@one_line_errors
def build(
    names: tuple[str, ...],
    output: Path,
    course_folder: Path | None,
    seeds: int,
    timeout: float,
    deadline: float,
    torch_index: str,
    allow_unsandboxed: bool,
    jobs: int,
) -> None:
    """Write what goes into CLASSROOM/autograders/ASSIGNMENT of the config repository.

    Exercises are sealed: they grade and name mistakes from recorded values, without a line of their solutions, which is
    checked before anything is written.
    """
    from grader.authoring.student_edition import edition
    from grader.authoring.student_edition.audit import leaks
    from grader.authoring.student_edition.seal import draw, seal_all
    from grader.integrations.classroom50 import bundle

    course = find_course(course_folder, meant=True)
    if course.is_sealed:
        raise click.UsageError(f"{course.root} is a student edition itself: building needs the solutions.")
    edition.check_target(output)
    for name in names:
        course.exercise(name)
    sealed = {}
    for name, data in seal_all(course, names, draw(seeds), jobs):
        sealed[name] = data
        click.echo(f"{name}: sealed, {len(data) >> 10} KiB ({len(sealed)} of {len(set(names))})", err=True)
    sealed = dict(sorted(sealed.items()))
    options = ["--allow-unsandboxed"] if allow_unsandboxed else []
    files = bundle.folder_files(
        course, sealed, timeout=timeout, deadline=deadline, options=options, torch_index=torch_index
    )
    size = bundle.check_size(files)
    findings = leaks(files, course)
    for finding in findings[:SHOWN]:
        click.echo(finding)
    if findings:
        click.echo(f"{len(findings)} pieces of the solutions would be in the folder; not written.")
        leave(MARKS_LOST)
    bundle.write(files, output)
    click.echo(f"{output}: {', '.join(sealed)}; {size >> 10} KiB packed, of {bundle.MAX_BYTES >> 10}")
    click.echo("Set in the assignment:")
    click.echo(f'  "runtime": {bundle.runtime()}')
    click.echo(f'  "release_assets": ["{bundle.REPORT}"]')
    if deadline / len(sealed) < SHARE:
        tell(
            f"{len(sealed)} exercises share {deadline:g} s, which is little for slow code: make several assignments of "
            "them, or raise --deadline."
        )
    tell(WHAT_STUDENTS_CAN_DO.format(seeds="1 seed" if seeds == 1 else f"{seeds} seeds"))
    leave(FULL_MARKS)


def tell(paragraph: str) -> None:
    click.echo(click.wrap_text(paragraph, shutil.get_terminal_size().columns))


@classroom50.command()
@click.argument("checkout", type=click.Path(path_type=Path, file_okay=False, exists=True))
@course_option
@click.option(
    "--output", type=click.Path(path_type=Path, file_okay=False, exists=True), required=True,
    help="Folder for outcome.json, release-body.md and report.html.",
)  # fmt: skip
@click.option("--seconds", type=Number(0), default=600.0, show_default=True, help="Seconds for all exercises.")
@click.option("--timeout", type=Number(0.1), default=10.0, show_default=True, help="Seconds a check may take.")
@click.option("--allow-unsandboxed", is_flag=True, help="Grade even where the runner lacks a wall of the sandbox.")
@one_line_errors
def run(
    checkout: Path, course_folder: Path | None, output: Path, seconds: float, timeout: float, allow_unsandboxed: bool
) -> None:
    """Grade a student's checkout on the runner; autograder.py calls this."""
    from grader.integrations.classroom import annotations
    from grader.integrations.classroom.judge import Judge
    from grader.integrations.classroom.runner import log_lines
    from grader.integrations.classroom50 import run as runner

    course = find_course(course_folder)
    judge = Judge(checkout.resolve(), course, timeout, options=["--allow-unsandboxed"] if allow_unsandboxed else [])
    outcomes = runner.grade_checkout(judge, seconds)
    runner.write(outcomes, course, output)
    for line in log_lines([outcome.line for outcome in outcomes], annotations.annotate(outcomes)):
        click.echo(line)
    leave(FULL_MARKS)


def grades_in(reports: Path) -> list[Grade]:
    """None yet where nothing was graded."""
    from grader.gradebook.store import FILE_NAME, Gradebook

    if not (reports / FILE_NAME).is_file():
        return []
    with Gradebook.existing(reports) as gradebook:
        return list(gradebook.grades())


@classroom50.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--assignment", metavar="SLUG", help="The assignment of scores.json.  [default: the only one]")
@click.option(
    "-e", "--exercise", "exercises", multiple=True, metavar="NAME", shell_complete=complete_exercise,
    help="An exercise of the assignment; may be repeated.  [default: those that most results in scores.json speak of]",
)  # fmt: skip
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="File to write, not stdout.")
@reports_option
@one_line_errors
def import_(
    files: tuple[Path, ...], assignment: str | None, exercises: tuple[str, ...], output: Path | None, reports: Path
) -> None:
    """Put students.csv and scores.json of a classroom beside your own grades of the cloned repositories.

    Grade them first: `gh teacher download ORG CLASSROOM ASSIGNMENT`, then `grade FOLDER`. What comes of it is a CSV
    with one row a student, members of groups too, that says where Classroom 50 has another score.
    """
    from grader.integrations.classroom50 import collected

    students, entries = [], []
    for file in files:
        if file.suffix.lower() == ".json":
            entries += collected.read_scores(file, assignment)
        else:
            students += collected.read_students(file)
    made = collected.beside(students, entries, grades_in(reports), exercises)
    for note in made.notes:
        click.echo(note, err=True)
    if output is None:
        click.echo(made.text, nl=False)
    else:
        output.write_text(made.text, encoding="utf-8", newline="")
    leave(FULL_MARKS)
