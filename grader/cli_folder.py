"""`grade FOLDER`: a class at once, into the gradebook. Says what it found, how it goes and what came of it."""

from __future__ import annotations

import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from grader.batch import Batch
from grader.command import FAULT, FULL_MARKS, MARKS_LOST
from grader.course import Course
from grader.discovery import Found, discover
from grader.executors import cores, lanes
from grader.gradebook import FILE_NAME, Gradebook
from grader.grading import Settings
from grader.report import index, live
from grader.report.text import one_line, visible
from grader.sandbox.examinee import Limits

INTERRUPTED = 130  # as shells have it
SHOWN_PROBLEMS = 20
LOOKED_AT = 32  # submissions, to tell what is to come


@dataclass(frozen=True)
class Options:
    exercise: str | None
    layout: str | None
    reports: Path
    limits: Limits
    must_confine: bool
    seed: int | None
    jobs: int | None
    scheduler: str | None
    fresh: bool
    json_target: str | None


def grade_folders(course: Course, paths: Sequence[Path], options: Options) -> int:
    """Grades all that is found and not graded yet. Answers the exit status."""
    try:
        return grade_class(course, paths, options)
    except KeyboardInterrupt:
        click.echo("Stopped. What was graded is kept; the same command goes on from there.", err=True)
        return INTERRUPTED


def grade_class(course: Course, paths: Sequence[Path], options: Options) -> int:
    start = time.monotonic()
    tell(f"Course: {one_line(str(course.used))}", options)
    found, problems = find(paths, course, options)
    with Gradebook(options.reports / FILE_NAME) as gradebook:
        settings = Settings(course.seed(options.seed, gradebook.seed), options.limits, options.must_confine)
        batch = Batch(course, gradebook, settings, options.reports, options.fresh, problems=problems)
        run(batch, found, options)
        gradebook.set_problems(batch.problems)
        page = index.write(gradebook, options.reports, {name: course.exercise(name).title for name in course.names})
        summary = live.Summary(gradebook.grades())
        if options.json_target is not None:
            write_json(gradebook, options.json_target)
    for line in summary.lines():
        tell(line, options)
    for line in problem_lines(batch.problems):
        click.echo(line, err=True)
    unchanged = f", {batch.unchanged} unchanged since they were graded" if batch.unchanged else ""
    missed = f", {len(batch.problems)} files not graded" if batch.problems else ""
    tell(f"{batch.graded} graded in {time.monotonic() - start:.1f} s{unchanged}{missed}", options)
    tell(f"Overview: {page}", options)
    if summary.ungraded:
        click.echo(
            f"{summary.ungraded} could not be graded, through no fault of theirs; the overview says why", err=True
        )
        return FAULT
    return FULL_MARKS if summary.full_marks else MARKS_LOST


def find(paths: Sequence[Path], course: Course, options: Options) -> tuple[list[Found], list[tuple[str, str]]]:
    """What is in the folders; says how each was read."""
    found: list[Found] = []
    problems: list[tuple[str, str]] = []
    if options.exercise is not None:
        course.exercise(options.exercise)
    for path in paths:
        collection = discover(path, course.names, options.layout, options.exercise)
        tell(f"{visible(str(path))}: {collection.summary()}", options)
        found += collection.found
        problems += collection.problems
    return found, problems


def run(batch: Batch, found: Sequence[Found], options: Options) -> None:
    # One exercise after another: what a lane has at hand for one is then used for all of it.
    tasks = batch.tasks(sorted(found, key=lambda item: item.exercise))
    first = list(itertools.islice(tasks, LOOKED_AT))
    if not first:
        return
    numbers = batch.numbers(found, first)
    if len(numbers) > 1:
        click.echo(f"Preparing {len(numbers)} exercises", err=True)
    jobs = options.jobs or cores()
    with lanes(str(batch.course.root), numbers, batch.settings, jobs=jobs, scheduler=options.scheduler) as where:
        results = batch.run(itertools.chain(first, tasks), where)
        with live.display(len(found)) as display:
            failures = 0
            for _, graded in results:
                failures += graded.status == "error"
                display.advance(batch.graded + batch.unchanged, failures)


def write_json(gradebook: Gradebook, target: str) -> None:
    from grader.exports import export

    text = export(gradebook.grades(), "json").text
    if target == "-":
        click.echo(text, nl=False)
    else:
        Path(target).write_text(text, encoding="utf-8")


def problem_lines(problems: Sequence[tuple[str, str]]) -> list[str]:
    lines = [f"Not graded: {visible(path)}: {visible(reason)}" for path, reason in problems[:SHOWN_PROBLEMS]]
    left = len(problems) - SHOWN_PROBLEMS
    return [*lines, f"Not graded: {left} more files, listed in the overview"] if left > 0 else lines


def tell(line: str, options: Options) -> None:
    """Says a line where it is not in the way of what is written to stdout."""
    click.echo(line, err=options.json_target == "-")
