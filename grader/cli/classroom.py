"""The command `grader classroom`: parse, call, print."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

import click

from grader.cli.options import CONTEXT, FULL_MARKS, Number, complete_exercise, course_option, leave, one_line_errors
from grader.course.choice import find_course
from grader.course.course import Course
from grader.errors import GraderError
from grader.integrations.classroom.annotations import annotate
from grader.integrations.classroom.judge import Judge
from grader.integrations.classroom.matching import find_answers
from grader.integrations.classroom.outcome import Outcome
from grader.integrations.classroom.reporter import encode
from grader.integrations.classroom.runner import Runner, log_lines
from grader.integrations.classroom.summary import summarise
from grader.integrations.classroom.template import origin, write_template
from grader.submissions.submission import SubmissionError


@click.group(context_settings=CONTEXT)
def classroom() -> None:
    """GitHub Classroom: a workflow for assignments, and the step that grades."""


@classroom.command()
@click.option(
    "-e", "--exercise", "names", multiple=True, metavar="NAME", shell_complete=complete_exercise,
    help="An exercise of the assignment; may be repeated.  [default: those that the folder has files of, else all]",
)  # fmt: skip
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, file_okay=False), default=Path("."), show_default=True,
    help="The folder of the template repository.",
)  # fmt: skip
@click.option(
    "--repository", metavar="OWNER/REPO", help="Holds the course and action.yml.  [default: the course's origin]"
)
@click.option("--ref", default="main", show_default=True, help="Branch, tag or commit of it to grade with.")
@click.option("--force", is_flag=True, help="Overwrite a workflow that is there.")
@course_option
@one_line_errors
def init(
    names: tuple[str, ...], output: Path, repository: str | None, ref: str, force: bool, course_folder: Path | None
) -> None:
    """Make a folder a template repository: the workflow that grades, and the stubs that are not there yet."""
    course = find_course(course_folder, meant=True)
    for line in write_template(output, course, names, repository or origin(course), ref, force=force):
        click.echo(line)
    leave(FULL_MARKS)


@classroom.command()
@click.option("--exercises", default="", metavar="NAMES", help="By spaces or commas.  [default: all that are found]")
@click.option("--timeout", type=Number(0.1), default=10.0, show_default=True, help="Seconds a check may take.")
@course_option
@one_line_errors
def run(exercises: str, timeout: float, course_folder: Path | None) -> None:
    """Grade the repository that a GitHub runner has checked out. The action runs this.

    Exit status 0 once the result is written, whatever it says: the reporter is who fails the job.
    """
    runner = Runner.of(os.environ)
    try:
        outcomes = grade_repository(runner.repository, named(exercises), timeout, course_folder)
    except GraderError as error:
        outcomes = [Outcome("assignment", "fault", reason=str(error))]
    except Exception as error:
        outcomes = [Outcome("assignment", "fault", reason=f"{type(error).__name__}: {error}")]
    runner.set_result(encode(outcomes))
    runner.add_summary(summarise(outcomes))
    for line in log_lines([outcome.line for outcome in outcomes], annotate(outcomes)):
        click.echo(line)
    leave(FULL_MARKS)


@classroom.command()
@click.option("--exercises", default="", metavar="NAMES", help="By spaces or commas.  [default: all that are found]")
@course_option
@one_line_errors
def needs(exercises: str, course_folder: Path | None) -> None:
    """Say which libraries the exercises of a checked-out repository need. The action asks before it installs torch."""
    repository = Runner.of(os.environ).repository
    course = course_in(repository, course_folder)
    names = named(exercises) or [answer.exercise for answer in find_answers(repository, course, [])]
    click.echo(" ".join(sorted({library for name in names for library in course.exercise(name).libraries})))
    leave(FULL_MARKS)


def named(exercises: str) -> list[str]:
    return list(dict.fromkeys(filter(None, re.split(r"[\s,]+", exercises))))


def course_in(repository: Path, folder: Path | None) -> Course:
    return find_course(repository / folder if folder else None)


def grade_repository(
    repository: Path, names: Sequence[str], check_seconds: float, course_folder: Path | None
) -> list[Outcome]:
    """What came of each exercise; of the assignment where there is nothing to grade."""
    course = course_in(repository, course_folder)
    try:
        answers = find_answers(repository, course, names)
    except SubmissionError as error:  # too much in it, or a folder that may not be read
        return [Outcome("assignment", "refused", reason=str(error))]
    if not answers:
        reason = f"No file of an exercise was found. Add one, like {course.names[0]}.py, commit it and push."
        return [Outcome("assignment", "refused", reason=reason)]
    judge = Judge(repository, course, check_seconds)
    return [judge.judge(answer) for answer in answers]
