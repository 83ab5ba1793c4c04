"""`grader history` and `grader diff`: what there is to say of a student's grades, and what grading anew did."""

from __future__ import annotations

import json
import re
import time
from datetime import datetime
from pathlib import Path

import click

from grader.cli.options import FULL_MARKS, MARKS_LOST, complete_exercise, leave, one_line_errors, reports_option
from grader.errors import GraderError
from grader.gradebook.store import Gradebook
from grader.text import is_possible, one_line

UNITS = {"m": 60.0, "h": 3600.0, "d": 86400.0}
json_option = click.option("--json", "as_json", is_flag=True, help="As JSON, for machines.")


@click.command("history")
@click.argument("student")
@click.argument("exercise", required=False, default="", shell_complete=complete_exercise)
@json_option
@reports_option
@one_line_errors
def show_history(student: str, exercise: str, as_json: bool, reports: Path) -> None:
    """Tell all that happened to STUDENT's grades, in order of time, for whoever asks how one came about.

    Every attempt with its path and digest; every grade with seed, suite, version and score, and why it was given anew;
    overrides, comments, and what was taken back.
    """
    from grader.cli.history_lines import lines_of_history
    from grader.grading.history import history

    with Gradebook.existing(reports) as gradebook:
        person = gradebook.people().find(student)
        if exercise and exercise not in gradebook.exercises():
            raise GraderError(f"No exercise named '{exercise}': there are {', '.join(gradebook.exercises())}.")
        found = history(gradebook, person, exercise)
    if as_json:
        click.echo(json.dumps(found.written(), indent=2))
    else:
        for line in lines_of_history(found):
            click.echo(one_line(line))
    leave(FULL_MARKS)


def read_time(context: click.Context, parameter: click.Parameter, text: str | None) -> float | None:
    if text is None:
        return None
    try:
        if found := re.fullmatch(r"(\d+(?:\.\d+)?)([mhd])", text.strip()):
            seconds = time.time() - float(found[1]) * UNITS[found[2]]
        else:
            seconds = datetime.fromisoformat(text.strip()).timestamp()
        if is_possible(seconds):
            return seconds
    except (ValueError, OverflowError, OSError):
        pass
    raise click.BadParameter(f"'{text}': write it as 2026-11-20, 2026-11-20T14:30, or 2h, 3d ago.")


@click.command()
@click.argument("exercises", nargs=-1, metavar="[EXERCISE]...", shell_complete=complete_exercise)
@click.option(
    "--since", metavar="WHEN", callback=read_time,
    help="Compare with what was graded before WHEN: 2026-11-20, 2026-11-20T14:30, 3d, 2h.  [default: the last run]",
)  # fmt: skip
@click.option("--all", "everybody", is_flag=True, help="List everybody whose score changed, however many.")
@json_option
@reports_option
@one_line_errors
def diff(exercises: tuple[str, ...], since: float | None, everybody: bool, as_json: bool, reports: Path) -> None:
    """Show what grading anew did to the class, student by student and check by check.

    After a suite, a seed or the grader has changed and the class was graded again, each attempt's newest result is
    compared with the one before. Exit status 1 if any score or check came out otherwise. To look before anything
    counts, grade into a copy of the folder of reports and name that with --reports.
    """
    from grader.cli.history_lines import difference_written, lines_of_difference
    from grader.grading.difference import compare

    with Gradebook.existing(reports) as gradebook:
        if unknown := [each for each in exercises if each not in gradebook.exercises()]:
            raise GraderError(f"No exercise named '{unknown[0]}': there are {', '.join(gradebook.exercises())}.")
        found = compare(gradebook, gradebook.last_run() if since is None else since, exercises)
    if as_json:
        click.echo(json.dumps(difference_written(found), indent=2))
    else:
        for line in lines_of_difference(found, is_last_run=since is None, everybody=everybody):
            click.echo(one_line(line))
    leave(FULL_MARKS if found.is_empty else MARKS_LOST)
