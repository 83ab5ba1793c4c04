"""The command `grade`, for students and instructors: parse, call, print."""

from __future__ import annotations

import gc
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from grader import __version__
from grader.cli.documents import Documents
from grader.cli.options import (
    CONTEXT,
    PLAIN,
    Number,
    complete_exercise,
    course_option,
    leave,
    limits_here,
    one_line_errors,
    reports_option,
)
from grader.course.choice import find_course, in_ci
from grader.errors import GraderError
from grader.warm.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from grader.grading.settings import Settings

FILE = click.Path(path_type=Path, dir_okay=False)


def read_zone(context: click.Context, parameter: click.Parameter, name: str | None) -> ZoneInfo | None:
    if name is None:
        return None
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise click.BadParameter(f"no zone is named '{name}': write it as Europe/Berlin.") from None


def is_class(paths: Sequence[Path], reports: Path, *, is_named: bool) -> bool:
    """Whether all files are of a class that was graded before. `is_named`: the folder of reports is."""
    book = reports / "gradebook.sqlite"  # store.FILE_NAME; for most students there is none, and nothing is imported
    if not book.is_file():
        return False
    from grader.cli.gradebook_trust import advice, is_own

    if not is_named and not is_own(book):  # nothing of it is read: it can hold what takes for ever
        click.echo(f"Note: not used: {advice(book)}", err=True)
        return False
    from grader.grading.hand_ins import is_part_of_class

    return all(is_part_of_class(path, book) for path in paths)


@click.command(context_settings=CONTEXT)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@click.option(
    "-e", "--exercise", shell_complete=complete_exercise,
    help="The exercise that the files answer. Default: each file's own name.",
)  # fmt: skip
@click.option("--json", "json_target", metavar="FILE|-", help="Also write the results as JSON, to a file or to stdout.")
@click.option("--junit", type=FILE, help="Also write them as JUnit XML, for CI: a test case a check.")
@click.option("--summary", type=FILE, help="Also write them as Markdown, for the summary of a CI job.")
@course_option
@click.option(
    "--seed", type=click.IntRange(0, 2**63 - 1),
    help="Seed of the test inputs, for all. Default: drawn for each run; what a gradebook knows keeps the one it has.",
)  # fmt: skip
@reports_option
@click.option("--timeout", type=Number(0.1), default=10.0, show_default=True, help="Seconds a check may take.")
@click.option(
    "--total", type=Number(1), default=120.0, show_default=True,
    help="Seconds a submission may take, over all its checks.",
)  # fmt: skip
@click.option(
    "--memory", type=click.IntRange(64, 2**30), default=1024, show_default=True, help="MiB a submission may use.",
)  # fmt: skip
@click.option("-j", "--jobs", type=click.IntRange(1), help="Cores to use for a folder.  [default: all]")
@click.option("--layout", metavar="NAME", help="How a folder of submissions is laid out.  [default: found out]")
@click.option(
    "--choose", multiple=True, metavar="PATTERN",
    help="In a folder, which of a student's several files counts: a path or the end of one, with * and ?.",
)  # fmt: skip
@click.option("--ignore", multiple=True, metavar="PATTERN", help="In a folder, files that are no submissions.")
@click.option(
    "--zone", metavar="NAME", callback=read_zone,
    help="Where the class is, as Europe/Berlin: for times that are written without a zone, or with one of several.",
)  # fmt: skip
@click.option(
    "--assignment", type=FILE,
    help="What the exercises are worth together, and until when.  [default: assignment.toml at the top of the class]",
)  # fmt: skip
@click.option("--fresh", is_flag=True, help="Grade again what the gradebook holds already.")
@click.option("--scheduler", metavar="ADDRESS", help="Grade a folder on a Dask cluster: tcp://host:port.")
@click.option("--allow-unsandboxed", is_flag=True, help="Grade even where a wall of the sandbox is missing.")
@click.option("--open", "open_report", is_flag=True, help="Open the report in a browser.")
@click.option("--watch", is_flag=True, help="Grade again whenever a file is saved, until Ctrl-C.")
@click.option("-q", "--quiet", is_flag=True, help="One line a submission.")
@click.option("-v", "--verbose", is_flag=True, help="List the checks that passed, too, where marks were lost.")
@click.version_option(__version__, prog_name="grade")
@click.pass_context
@one_line_errors
def grade(
    context: click.Context,
    paths: tuple[Path, ...],
    exercise: str | None,
    json_target: str | None,
    junit: Path | None,
    summary: Path | None,
    course_folder: Path | None,
    seed: int | None,
    reports: Path,
    timeout: float,
    total: float,
    memory: int,
    jobs: int | None,
    layout: str | None,
    choose: tuple[str, ...],
    ignore: tuple[str, ...],
    zone: ZoneInfo | None,
    assignment: Path | None,
    fresh: bool,
    scheduler: str | None,
    allow_unsandboxed: bool,
    open_report: bool,
    watch: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """Grade solutions: a clear summary here, a report in HTML.

    A folder or a zip of many students' files is graded into a gradebook, with an overview of the class; what is
    unchanged since is not graded again.

    Exit status 0: full marks. 1: marks lost. 2: wrong usage, or the grader itself could not grade.
    """
    is_named = context.get_parameter_source("reports") is not ParameterSource.DEFAULT
    if not is_named and reports.is_symlink():  # which may have been handed in, and lead anywhere
        raise GraderError(f"{reports} is a link: name the folder that is meant with --reports, or remove the link.")
    batch = any(path.is_dir() or path.suffix.lower() == ".zip" for path in paths) or (
        not watch and is_class(paths, reports, is_named=is_named)
    )
    if assignment and not batch:
        raise click.UsageError("--assignment is for a folder or a zip of a class.")
    course = find_course(course_folder, batch=batch)
    documents = Documents(junit, summary)
    if batch:
        gc.enable()
        from grader.cli.grade_folder import Options, grade_folders
        from grader.submissions.discovery import Rules

        options = Options(
            exercise=exercise,
            layout=layout,
            reports=reports,
            limits=limits_here(timeout, total, memory),
            must_confine=not allow_unsandboxed,
            seed=seed,
            jobs=jobs,
            scheduler=scheduler,
            fresh=fresh,
            json_target=json_target,
            documents=documents,
            rules=Rules(choose, ignore),
            zone=zone,
            assignment=assignment,
            is_only=len(paths) == 1,
            are_reports_named=is_named,
        )
        status = grade_folders(course, paths, options)
        if open_report:
            click.launch(str(reports / "index.html"))
        leave(status)
    from grader.cli.grade_files import Files, versions, watched

    files = Files(
        paths, exercise, course, reports,
        quiet=quiet, verbose=verbose, json_target=json_target, watch=watch, documents=documents,
    )  # fmt: skip
    prepared = context.obj or Prepared()
    with prepared.hosts() as hosts:
        for submission in files.read():  # before this process imports anything slow itself
            hosts.get(course.exercise(submission.exercise).libraries)
        from grader.grading.examiner import Grading
        from grader.grading.settings import Settings

        limits = limits_here(timeout, total, memory)

        def settings() -> Settings:
            return Settings(
                seed=course.seed(seed, secrets.randbits(32)),
                limits=limits,
                must_confine=not allow_unsandboxed and (len(paths) > 1 or in_ci()),
            )

        grading = Grading(course, hosts, prepared.examiner)
        seen = versions(paths)
        status = files.grade(grading, settings(), open_reports=open_report)
        if watch:
            for _ in watched(paths, seen):
                if not PLAIN:
                    click.clear()
                status = files.grade(grading, settings())
        prepared.graded(grading)
    leave(status)
