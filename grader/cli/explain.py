"""The command `grader explain`: parse, call, print."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.cli.options import CONTEXT, FULL_MARKS, complete_exercise, course_option, leave, one_line_errors
from grader.course.choice import find_course
from grader.course.course import Course
from grader.course.exercise import Exercise
from grader.text import count

if TYPE_CHECKING:
    from grader.authoring.explain.catalogue import Chapter
    from grader.suite.mistakes import Mistake

VERSION = 1  # of the JSON


@click.command(context_settings=CONTEXT)
@click.argument("name", required=False, metavar="[NAME]", shell_complete=complete_exercise)
@click.option("--json", "as_json", is_flag=True, help="Write JSON, to stdout.")
@click.option(
    "--html", "target", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False),
    help="Write the field guide: all mistakes of the course, or of the exercise NAME, in one searchable HTML file.",
)  # fmt: skip
@course_option
@click.option("-j", "--jobs", type=click.IntRange(1), default=1, show_default=True, help="Exercises asked at once.")
@one_line_errors
def explain(name: str | None, as_json: bool, target: Path | None, course_folder: Path | None, jobs: int) -> None:
    """Explain known mistakes: what is wrong, why, and which checks of the hidden suite show it.

    NAME is an exercise, whose mistakes are listed; or EXERCISE/MISTAKE, or MISTAKE where only one exercise has it. What
    is told holds no line of a solution. It is for instructors: a student edition has nothing to ask.
    """
    if (name is None and target is None) or (as_json and target is not None):
        raise click.UsageError("Name an exercise or a mistake, or write the field guide with --html FILE.")
    from grader.authoring.explain.catalogue import find, refuse_edition

    course = find_course(course_folder, meant=True)
    refuse_edition(course)
    if target is not None:
        names = course.names if name is None else (course.exercise(name).name,)
        write_guide(course, names, target, jobs)
        leave(FULL_MARKS)
    assert name is not None
    exercise, mistake = find(course, name)
    show(exercise, mistake, as_json)
    leave(FULL_MARKS)


def show(exercise: Exercise, mistake: Mistake | None, as_json: bool) -> None:
    """Prints one mistake, or all of an exercise as a list."""
    from grader.authoring.explain import terminal
    from grader.authoring.explain.catalogue import explained
    from grader.suite.mistakes import load_mistakes

    if mistake is None:
        mistakes = load_mistakes(exercise.mistakes)
        if as_json:
            rows = [{"id": each.id, "title": each.title, "textbook": each.textbook} for each in mistakes]
            write_json({"exercise": exercise.name, "title": exercise.title, "mistakes": rows})
        else:
            click.echo(terminal.listing(exercise, mistakes))
        return
    (found,) = explained(exercise, [mistake])
    if as_json:
        write_json(asdict(found))
    else:
        click.echo(terminal.page(found))


def write_json(fields: dict[str, Any]) -> None:
    click.echo(json.dumps({"version": VERSION, **fields}, indent=2, ensure_ascii=False))


def write_guide(course: Course, names: Sequence[str], target: Path, jobs: int) -> None:
    """Writes the field guide, with a line on stderr for each exercise as it is ready. Raises ExplainError."""
    from grader.authoring.explain.catalogue import ExplainError
    from grader.authoring.explain.guide import render
    from grader.report.page import write_page

    if not os.access(target.parent, os.W_OK):  # told now, not after minutes of work
        raise ExplainError(f"{target.parent} is no folder that can be written to: {target.name} has no place there.")
    chapters = []
    for chapter in chapters_of(course, names, jobs):
        chapters.append(chapter)
        what = count(len(chapter.mistakes), "mistake")
        click.echo(f"{chapter.exercise}: {what} ({len(chapters)} of {len(names)})", err=True)
    page = render(chapters)
    write_page(page, target)
    total = sum(len(chapter.mistakes) for chapter in chapters)
    exercises = count(len(names), "exercise")
    click.echo(f"{target}: {total} mistakes of {exercises}, {len(page.encode()) >> 10} KiB")


def chapters_of(course: Course, names: Sequence[str], jobs: int) -> Iterator[Chapter]:
    """What the mistakes of exercises are, in turn."""
    work = [(course, name) for name in names]
    if jobs == 1:
        yield from map(chapter_of, work)
        return
    # Spawned, not forked: a process that has used torch must not be.
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        yield from pool.map(chapter_of, work)


def chapter_of(work: tuple[Course, str]) -> Chapter:
    from grader.authoring.explain.catalogue import explain_all

    course, name = work
    return explain_all(course.exercise(name))
