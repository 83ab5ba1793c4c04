"""The command `grade`, for students and instructors: parse, call, print."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader import __version__
from grader.command import (
    CONTEXT,
    FAULT,
    FULL_MARKS,
    MARKS_LOST,
    course_option,
    leave,
    one_line_errors,
    reports_option,
)
from grader.course import Course, CourseError, find_course
from grader.result import Result, document
from grader.sandbox.host import Hosts
from grader.submission import Submission, SubmissionError, read

if TYPE_CHECKING:
    from grader.grading import Settings


@click.command(context_settings=CONTEXT)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@click.option("-e", "--exercise", help="The exercise that the files answer. Default: each file's own name.")
@click.option("--json", "json_target", metavar="FILE|-", help="Also write the results as JSON, to a file or to stdout.")
@course_option
@click.option(
    "--seed", type=click.IntRange(0, 2**63 - 1), help="Seed of the test inputs. Default: drawn anew each time."
)
@reports_option
@click.option(
    "--timeout", type=click.FloatRange(0.1), default=10.0, show_default=True, help="Seconds a check may take."
)
@click.option("--memory", type=click.IntRange(64), default=1024, show_default=True, help="MiB a submission may use.")
@click.option("-j", "--jobs", type=click.IntRange(1), help="Cores to use for a folder.  [default: all]")
@click.option("--layout", metavar="NAME", help="How a folder of submissions is laid out.  [default: found out]")
@click.option("--fresh", is_flag=True, help="Grade again what the gradebook holds already.")
@click.option("--scheduler", metavar="ADDRESS", help="Grade a folder on a Dask cluster: tcp://host:port.")
@click.option("--allow-unsandboxed", is_flag=True, help="Grade even where a wall of the sandbox is missing.")
@click.option("--open", "open_report", is_flag=True, help="Open the report in a browser.")
@click.option("-q", "--quiet", is_flag=True, help="One line a submission.")
@click.version_option(__version__, prog_name="grade")
@one_line_errors
def grade(
    paths: tuple[Path, ...],
    exercise: str | None,
    json_target: str | None,
    course_folder: Path | None,
    seed: int | None,
    reports: Path,
    timeout: float,
    memory: int,
    jobs: int | None,
    layout: str | None,
    fresh: bool,
    scheduler: str | None,
    allow_unsandboxed: bool,
    open_report: bool,
    quiet: bool,
) -> None:
    """Grade solutions: a clear summary here, a report in HTML.

    A folder or a zip of many students' files is graded into a gradebook, with an overview of the class; what is
    unchanged since is not graded again.

    Exit status 0: full marks. 1: marks lost. 2: wrong usage, or the grader itself could not grade.
    """
    course = find_course(course_folder, paths)
    if any(path.is_dir() or path.suffix.lower() == ".zip" for path in paths):
        from grader.cli_folder import Limits, Options, grade_folders

        options = Options(
            exercise=exercise,
            layout=layout,
            reports=reports,
            limits=Limits(timeout, memory=memory),
            must_confine=not allow_unsandboxed,
            seed=seed,
            jobs=jobs,
            scheduler=scheduler,
            fresh=fresh,
            json_target=json_target,
        )
        status = grade_folders(course, paths, options)
        if open_report:
            click.launch(str(reports / "index.html"))
        leave(status)
    problems: list[str] = []
    submissions = list(readable(paths, exercise, course, problems))
    with Hosts() as hosts:
        for submission in submissions:  # before this process imports anything slow itself
            hosts.get(course.exercise(submission.exercise).libraries)
        from grader.grading import Limits, Settings

        settings = Settings(
            seed=secrets.randbits(32) if seed is None else seed,
            limits=Limits(timeout, memory=memory),
            must_confine=not allow_unsandboxed and (len(submissions) > 1 or os.environ.get("CI") == "true"),
        )
        results: list[Result] = []
        for result, report in graded(course, submissions, hosts, settings, reports):
            if not results:
                warn_of_missing_walls(result)
            results.append(result)
            show(result, report, quiet=quiet, to_stderr=json_target == "-")
            if open_report:
                click.launch(str(report))
    write_json(results, json_target)
    for problem in problems:
        click.echo(f"Error: {problem}", err=True)
    if problems or any(result.status == "error" for result in results):
        leave(FAULT)
    leave(FULL_MARKS if all(result.full_marks for result in results) else MARKS_LOST)


def warn_of_missing_walls(result: Result) -> None:
    missing = [f"{layer.name} ({layer.detail})" for layer in result.sandbox if not layer.active]
    if missing:
        click.secho(f"Warning: the sandbox lacks: {'; '.join(missing)}.", fg="yellow", err=True)


def readable(paths: Sequence[Path], exercise: str | None, course: Course, problems: list[str]) -> Iterator[Submission]:
    """The submissions that can be graded; what is wrong with the others is added to `problems`."""
    for path in paths:
        try:
            submission = read(path, exercise)
            if submission.cells and exercise is None and submission.exercise not in course.names:
                from grader.notebook import answers

                yield from answers(submission, course.definitions)
            else:
                course.exercise(submission.exercise)
                yield submission
        except (SubmissionError, CourseError) as error:
            problems.append(str(error))


def graded(
    course: Course, submissions: Sequence[Submission], hosts: Hosts, settings: Settings, reports: Path
) -> Iterator[tuple[Result, Path]]:
    """Each result with the file of its report."""
    from grader.grading import grade as grade_all
    from grader.report import html

    taken: dict[str, int] = {}
    for result in grade_all(course, submissions, settings, hosts):
        taken[result.exercise] = taken.get(result.exercise, 0) + 1
        count = taken[result.exercise]
        name = result.exercise if count == 1 else f"{result.exercise}-{count}"
        yield result, html.write(result, reports, name)


def show(result: Result, report: Path, *, quiet: bool, to_stderr: bool) -> None:
    from grader.report import terminal

    text = terminal.line(result) if quiet else terminal.summary(result, report)
    click.echo(text, err=to_stderr)


def write_json(results: list[Result], target: str | None) -> None:
    if target is None:
        return
    text = json.dumps(document(results), indent=2)
    if target == "-":
        click.echo(text)
    else:
        Path(target).write_text(text + "\n", encoding="utf-8")
