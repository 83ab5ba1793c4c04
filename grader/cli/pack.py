"""The command `grader pack`: parse, call, print."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.options import CONTEXT, FULL_MARKS, MARKS_LOST, complete_exercise, course_option, leave, one_line_errors
from grader.course.choice import find_course

SEEDS = 3
SHOWN = 20  # findings


@click.command(context_settings=CONTEXT)
@click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=complete_exercise)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default=Path("student"), show_default=True,
    help="Folder of the edition: a new one, or an earlier edition.",
)  # fmt: skip
@course_option
@click.option(
    "--seed", "seeds", type=click.IntRange(0, 2**63 - 1), multiple=True,
    help=f"A seed that students can grade with; may be repeated.  [default: {SEEDS}, drawn anew]",
)  # fmt: skip
@click.option("-j", "--jobs", type=click.IntRange(1), default=1, show_default=True, help="Exercises sealed at once.")
@click.option("--check", is_flag=True, help="Only look through the edition that is there for lines of the solutions.")
@one_line_errors
def pack(
    names: tuple[str, ...],
    output: Path,
    course_folder: Path | None,
    seeds: tuple[int, ...],
    jobs: int,
    check: bool,
) -> None:
    """Make the edition that students may have: stubs, a README, the grader, and sealed exercises.

    A sealed exercise grades and names mistakes from recorded values, for a few seeds, without a line of its solution;
    that is checked before anything is written. Grade what students hand in with the course itself: its seeds are fresh.
    """
    from grader.authoring.student_edition import edition
    from grader.authoring.student_edition.audit import leaks
    from grader.authoring.student_edition.seal import draw, seal_all

    course = find_course(course_folder, meant=True)
    if course.is_sealed:
        raise click.UsageError(f"{course.root} is a student edition itself: packing needs the solutions.")
    if check:
        files = edition.read(output)
    else:
        edition.check_target(output)
        chosen = names or course.names
        for name in chosen:
            course.exercise(name)
        sealed = {}
        for name, data in seal_all(course, chosen, tuple(dict.fromkeys(seeds)) or draw(SEEDS), jobs):
            sealed[name] = data
            click.echo(f"{name}: sealed, {len(data) >> 10} KiB ({len(sealed)} of {len(set(chosen))})", err=True)
        files = edition.edition(course, dict(sorted(sealed.items())))
    findings = leaks(files, course)
    for finding in findings[:SHOWN]:
        click.echo(finding)
    if findings:
        click.echo(f"{len(findings)} pieces of the solutions are in the edition" + ("." if check else "; not written."))
        leave(MARKS_LOST)
    if not check:
        edition.write(files, output)
    size = sum(map(len, files.values())) >> 10
    click.echo(f"{output}: {len(files)} files, {size} KiB, and no line of the solutions in them")
    leave(FULL_MARKS)
