"""`grade FOLDER`: a class at once, into the gradebook. Says what it found, how it goes and what came of it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from grader.cli import progress
from grader.cli.documents import Documents
from grader.cli.left_out import lines_of_choices, lines_of_lost, lines_of_people, lines_of_problems
from grader.cli.options import FAULT, FULL_MARKS, MARKS_LOST
from grader.course.course import Course
from grader.gradebook.store import FILE_NAME, Gradebook, Unplaced
from grader.grading.batch import Batch
from grader.grading.executors import cores, lanes
from grader.grading.hand_ins import HandIns, find, note, note_problems
from grader.grading.regrading import lines
from grader.report import class_overview
from grader.sandbox.client import Limits
from grader.submissions.discovery import Asked, Found, Rules
from grader.text import one_line, visible

INTERRUPTED = 130  # as shells have it


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
    documents: Documents
    rules: Rules
    zone: ZoneInfo | None


def grade_folders(course: Course, paths: Sequence[Path], options: Options) -> int:
    """Grades all that is found and not graded yet. Answers the exit status."""
    try:
        return grade_class(course, paths, options)
    except KeyboardInterrupt:
        page = options.reports / class_overview.NAME
        shown = f" Overview: {page}" if page.exists() else ""
        click.echo(f"Stopped. What was graded is kept; the same command goes on from there.{shown}", err=True)
        return INTERRUPTED


def grade_class(course: Course, paths: Sequence[Path], options: Options) -> int:
    start = time.monotonic()
    course.seed(options.seed, 0)  # raises CourseError before anything is noted
    tell(f"Course: {one_line(str(course.used))}", options)
    if options.exercise is not None:
        course.exercise(options.exercise)
    with Gradebook(options.reports / FILE_NAME) as gradebook:
        hand_ins = [find_and_tell(path, course, gradebook, options) for path in paths]
        for pattern in sorted(unmatched(hand_ins)):
            click.echo(f"--choose {one_line(pattern)}: no file that may be an answer is called that", err=True)
        batch = Batch(
            course, gradebook, options.limits, options.must_confine, options.reports, options.seed, options.fresh
        )
        try:
            run(batch, note(gradebook, hand_ins), options)
        except KeyboardInterrupt:
            write_page(course, gradebook, options)
            raise
        note_problems(gradebook, hand_ins, batch.problems)
        page = write_page(course, gradebook, options)
        summary = progress.Summary(gradebook.grades())
        lost = [each for each in gradebook.not_graded() if is_of(each, hand_ins)]
        problems = [each for each in gradebook.unplaced() if is_of(each, hand_ins) and not each.lost]
        people = gradebook.people()
        if options.json_target is not None:
            write_json(gradebook, options.json_target)
        options.documents.write_class(gradebook.grades(), summary, lost, problems)
    for line in summary.lines():
        tell(line, options)
    for line in (*lines_of_lost(lost), *lines_of_problems(problems)):
        click.echo(line, err=True)
    students = [student for each in hand_ins for student in each.collection.students]
    is_whole = not any(each.below for each in hand_ins)
    for line in (*lines_of_people(people, students, is_whole=is_whole), *lines(batch.anew)):
        tell(line, options)
    if course.caveat:
        click.echo(course.caveat, err=True)
    unchanged = f", {batch.unchanged} unchanged since they were graded" if batch.unchanged else ""
    missed = f", {len(lost)} handed in and not graded" if lost else ""
    tell(f"{batch.graded} graded in {time.monotonic() - start:.1f} s{unchanged}{missed}", options)
    tell(f"Overview: {page}", options)
    if summary.ungraded:
        click.echo(
            f"{summary.ungraded} could not be graded, through no fault of theirs; the overview says why", err=True
        )
        return FAULT
    return FULL_MARKS if summary.full_marks and not lost else MARKS_LOST


def write_page(course: Course, gradebook: Gradebook, options: Options) -> Path:
    titles = {name: course.exercise(name).title for name in course.names}
    return class_overview.write(gradebook, options.reports, titles)


def is_of(unplaced: Unplaced, hand_ins: Sequence[HandIns]) -> bool:
    """Whether a file is of what was named in this run."""
    return any(
        unplaced.root == each.named.root
        and (not each.below or unplaced.path == each.below or unplaced.path.startswith(f"{each.below}/"))
        for each in hand_ins
    )


def find_and_tell(path: Path, course: Course, gradebook: Gradebook, options: Options) -> HandIns:
    """What was handed in under a path; says how it was read."""
    asked = Asked(options.layout, options.exercise, options.rules, options.zone, options.reports)
    found = find(path, course.names, gradebook, asked)
    tell(f"{visible(str(path))}: {found.collection.summary()}", options)
    if found.collection.choices:
        tell("Of several files:", options)
    for line in (*lines_of_choices(found.collection.choices), *found.collection.notes):
        tell(line, options)
    return found


def unmatched(hand_ins: Sequence[HandIns]) -> set[str]:
    """Patterns of --choose that were of no use, wherever they were looked for."""
    return set.intersection(*(set(each.collection.unmatched) for each in hand_ins))


def run(batch: Batch, found: Sequence[Found], options: Options) -> None:
    pending = batch.look_through(found)
    if not pending:
        return
    numbers = Counter(left.group for left in pending)
    if (exercises := len({group.exercise for group in numbers})) > 1:
        click.echo(f"Preparing {exercises} exercises", err=True)
    jobs = options.jobs or cores()
    where = lanes(str(batch.course.root), numbers, jobs=jobs, scheduler=options.scheduler)
    with where as places, progress.display(len(found)) as display:
        failures = 0
        for _, graded in batch.run(batch.tasks(pending), places):
            failures += graded.status == "error"
            display.advance(batch.graded + batch.unchanged, failures)


def write_json(gradebook: Gradebook, target: str) -> None:
    from grader.gradebook.export import export

    text = export(gradebook.grades(), "json", lost=gradebook.not_graded()).text
    if target == "-":
        click.echo(text, nl=False)
    else:
        Path(target).write_text(text, encoding="utf-8")


def tell(line: str, options: Options) -> None:
    """Says a line where it is not in the way of what is written to stdout."""
    click.echo(line, err=options.json_target == "-")
