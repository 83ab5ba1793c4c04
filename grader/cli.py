"""The commands: parse, call, print. `grade` for students and instructors, `grader` for course authors."""

from __future__ import annotations

import os

# Before NumPy is imported anywhere: making a pool of threads costs more than a whole exercise.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import json
import secrets
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from grader import __version__
from grader.course import Course, CourseError, find_course
from grader.result import Result, document
from grader.sandbox.host import Hosts, SandboxError
from grader.submission import Submission, SubmissionError, read

if TYPE_CHECKING:
    from grader.grading import Settings

FULL_MARKS, MARKS_LOST, FAULT = 0, 1, 2

course_option = click.option(
    "--course",
    "course_folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="The course to grade with: a folder with exercises/ and solutions/.",
)


def one_line_errors(command: Callable[..., None]) -> Callable[..., None]:
    """Turns whatever goes wrong into one line and exit status 2."""

    @wraps(command)
    def guarded(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except (CourseError, SubmissionError, SandboxError) as error:
            fail(str(error))
        except Exception as error:
            if os.environ.get("GRADER_DEBUG"):
                traceback.print_exc()
            fail(f"The grader failed: {type(error).__name__}: {error}. GRADER_DEBUG=1 shows where.")

    return guarded


def fail(message: str) -> NoReturn:
    click.echo(f"Error: {message}", err=True)
    leave(FAULT)


def leave(status: int) -> NoReturn:
    """Ends at once: a normal exit after importing torch would take half a second to take it down again."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@click.option("-e", "--exercise", help="The exercise that the files answer. Default: each file's own name.")
@click.option("--json", "json_target", metavar="FILE|-", help="Also write the results as JSON, to a file or to stdout.")
@course_option
@click.option(
    "--seed", type=click.IntRange(0, 2**63 - 1), help="Seed of the test inputs. Default: drawn anew each time."
)
@click.option(
    "--reports", type=click.Path(path_type=Path, file_okay=False), default=Path("reports"), show_default=True,
    help="Folder for the HTML reports.",
)  # fmt: skip
@click.option(
    "--timeout", type=click.FloatRange(0.1), default=10.0, show_default=True, help="Seconds a check may take."
)
@click.option("--memory", type=click.IntRange(64), default=1024, show_default=True, help="MiB a submission may use.")
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
    allow_unsandboxed: bool,
    open_report: bool,
    quiet: bool,
) -> None:
    """Grade solutions: a clear summary here, a report in HTML.

    Exit status 0: full marks. 1: marks lost. 2: wrong usage, or the grader itself could not grade.
    """
    course = find_course(course_folder, paths)
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


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="grader")
def grader() -> None:
    """Tools for course authors."""


@grader.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@course_option
@click.option("-j", "--jobs", type=click.IntRange(1), default=1, show_default=True, help="Exercises checked at once.")
@click.option("--mutants", is_flag=True, help="Change each reference in many small ways: which changes pass unseen?")
@one_line_errors
def check(names: tuple[str, ...], course_folder: Path | None, jobs: int, mutants: bool) -> None:
    """Prove exercises: stub, reference, known mistakes, points. One line a finding; exit status 1 if there is any.

    With --mutants, measure how strong the suites are: killed, survived and timed-out changes, survivors with a diff.
    """
    from grader.course_check import check_course

    course = find_course(course_folder, ())
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
@one_line_errors
def doctor() -> None:
    """Show the walls of the sandbox on this machine; exit status 1 if one is missing."""
    with Hosts() as hosts:
        layers = hosts.get(("numpy",)).layers
    for layer in layers:
        mark = click.style("✓", fg="green") if layer.active else click.style("✗", fg="red")
        click.echo(f"{mark} {layer.name:14} keeps a submission from {layer.stops}")
        if layer.detail:
            click.echo(f"  {'':14} missing: {layer.detail}")
    leave(FULL_MARKS if all(layer.active for layer in layers) else MARKS_LOST)
