"""`grade FOLDER`: a class at once, into the gradebook. Says what it found, how it goes and what came of it."""

from __future__ import annotations

import os
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from grader.cli import assignment, gradebook_trust, progress
from grader.cli.documents import Documents
from grader.cli.left_out import lines_of_choices, lines_of_lost, lines_of_people, lines_of_problems
from grader.cli.options import FAULT, FULL_MARKS, MARKS_LOST, warn_of_missing_walls
from grader.course.course import Course
from grader.gradebook.assignment import stored
from grader.gradebook.assignment.grades import Scores, check_people, in_force, scored, taken_in
from grader.gradebook.assignment.reading import found_in, parse
from grader.gradebook.assignment.stored import Applied
from grader.gradebook.store import FILE_NAME, Gradebook, Unplaced
from grader.grading.batch import Batch
from grader.grading.difference import compare
from grader.grading.executors import cores, judges
from grader.grading.hand_ins import HandIns, find, note, note_problems
from grader.grading.regrading import lines
from grader.report import class_overview, decided
from grader.sandbox.limits import Limits
from grader.submissions.discovery import Asked, Found, Rules
from grader.submissions.layouts import ONE_STUDENT, WHOLE
from grader.submissions.names import Names
from grader.submissions.neighbours import lies_among_students, own_name
from grader.submissions.submission import SubmissionError
from grader.text import one_line, visible

FEW_STUDENTS = 2  # that may be named beside a class
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
    assignment: Path | None
    is_only: bool  # nothing else was named
    are_reports_named: bool = True


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
    start, asked = time.monotonic(), options.rules.choose
    course.seed(options.seed, 0)  # raises CourseError before anything is noted
    tell(f"Course: {one_line(str(course.used))}", options)
    if options.exercise is not None:
        course.exercise(options.exercise)
    place = options.reports / FILE_NAME
    if not options.are_reports_named:
        gradebook_trust.check(place)
    with Gradebook.looked_into(options.reports) as known:  # where nothing is found, none is made
        named = assignment.read(options.assignment) if options.assignment is not None else None
        forget_found(known, (each for each in stored.assignments(known) if lies_within(each, paths)), named)
        if named is not None:
            options = assigned(replace(named, is_named=True), course, known, options, is_named=True)
        hand_ins = find_all(paths, course, known, options)
        forget_found(known, (each for each in stored.assignments(known) if lies_beside(each, hand_ins)), named)
        applied = stored.assignments(known)
    with Gradebook(place) as gradebook:
        gradebook_trust.remember(place)
        if known.path != gradebook.path:
            stored.set_assignments(gradebook, applied)
        for pattern in sorted(unmatched(hand_ins)):
            where = "--choose" if pattern in asked else "choose, of the assignment:"
            click.echo(f"{where} {one_line(pattern)}: no file that may be an answer is called that", err=True)
        batch = Batch(
            course, gradebook, options.limits, options.must_confine, options.reports, options.seed, options.fresh
        )
        found = note(gradebook, hand_ins)
        check_people(gradebook.people(), in_force(gradebook))
        try:
            run(batch, found, options)
        except KeyboardInterrupt:
            decided.refresh(gradebook)
            assignment.write_page(gradebook, options.reports, course, scored(gradebook)[0])
            raise
        note_problems(gradebook, hand_ins, batch.problems)
        decided.refresh(gradebook)
        before, (scores, trouble) = stored.marks(gradebook), scored(gradebook)
        page = assignment.write_page(gradebook, options.reports, course, scores)
        if trouble is None:
            assignment.keep(gradebook, scores)
        summary = progress.Summary(gradebook.grades())
        lost = [each for each in gradebook.not_graded() if is_of(each, hand_ins)]
        problems = [each for each in gradebook.unplaced() if is_of(each, hand_ins) and not each.lost]
        people = gradebook.people()
        shift = (
            compare(gradebook, gradebook.last_run(), {name for each in batch.anew.values() for name in each})
            if batch.anew
            else None
        )
        if options.json_target is not None:
            write_json(gradebook, options.json_target, scores)
        options.documents.write_class(gradebook.grades(), summary, lost, problems, scores)
    for line in (*summary.lines(), *assignment.lines_of_scores(scores, before)):
        tell(line, options)
    for line in assignment.notes_of(scores):
        click.echo(one_line(line), err=True)
    for line in (*lines_of_lost(lost), *lines_of_problems(problems)):
        click.echo(line, err=True)
    students = [student for each in hand_ins for student in each.collection.students]
    is_whole = not any(each.below for each in hand_ins)
    for line in (*lines_of_people(people, students, is_whole=is_whole), *lines(batch.anew)):
        tell(line, options)
    if shift and not shift.is_empty:
        tell(f"{shift.in_short()}; `grader diff` shows who and why", options)
    if course.caveat:
        click.echo(course.caveat, err=True)
    unchanged = f", {batch.unchanged} unchanged since they were graded" if batch.unchanged else ""
    missed = f", {len(lost)} handed in and not graded" if lost else ""
    tell(f"{batch.graded} graded in {time.monotonic() - start:.1f} s{unchanged}{missed}", options)
    tell(f"Overview: {page}", options)
    if trouble is not None:
        raise trouble
    if summary.ungraded:
        click.echo(
            f"{summary.ungraded} could not be graded, through no fault of theirs; the overview says why", err=True
        )
        return FAULT
    is_all = len(hand_ins) == len(paths) and not lost
    return FULL_MARKS if summary.full_marks and is_all else MARKS_LOST


def find_all(paths: Sequence[Path], course: Course, gradebook: Gradebook, options: Options) -> list[HandIns]:
    """What was handed in under each path. Of several, as of "submissions/*", one that holds nothing to grade is told,
    and holds up no other. Raises SubmissionError where all are so, or one is not there."""
    found: list[HandIns] = []
    names = {os.path.realpath(path): own_name(path) for path in paths}
    for number, path in enumerate(paths, 1):
        here = os.path.realpath(path)
        others = [name for place, name in names.items() if place != here]
        try:
            found.append(find_and_tell(path, course, gradebook, options, others))
        except SubmissionError as error:
            if not path.exists() or (number == len(paths) and not found):
                raise
            click.echo(f"Not graded: {one_line(str(error))}", err=True)
    if options.layout is not None:
        return found
    if any(each.collection.layout == WHOLE and not each.below for each in found):
        said = "What you named counts as one student's each: choose --layout folders where it holds students' folders"
        tell(said, options)
    return without_classes(without_namesakes(found))


def without_classes(found: list[HandIns]) -> list[HandIns]:
    """All but classes among students' folders or zips: what one of them hands in could tell that it is another's."""
    classes = [each for each in found if not (is_single(each) or each.below)]
    are_few = len(found) - len(classes) <= max(FEW_STUDENTS, len(classes))
    beside = {
        (os.path.dirname(each.named.root), student)
        for each in found
        if is_single(each) and not each.below
        for student in each.collection.students
    }
    left: list[HandIns] = []
    for each in found:
        where = os.path.dirname(each.named.root)
        known = [student for student in each.collection.students if (where, student) in beside]
        if is_single(each) or each.below or (are_few and not known):
            left.append(each)
            continue
        why = (
            f"holds what would be {visible(known[0])}'s, who was named with it: grade it by itself with --layout"
            f" {each.collection.layout} where it is a class"
            if are_few
            else "is no single student's, as most of these are: grade the folder around them"
        )
        click.echo(f"Not graded: {one_line(each.collection.root)} {why}", err=True)
    return left


def is_single(hand_ins: HandIns) -> bool:
    return hand_ins.collection.layout in ONE_STUDENT or len(hand_ins.collection.students) == 1


def without_namesakes(found: list[HandIns]) -> list[HandIns]:
    """All but folders of one name in several places, as "ann/src" and "bob/src": they would be one student.

    Raises SubmissionError where nothing is left.
    """
    places: defaultdict[str, set[str]] = defaultdict(set)
    names = [own_name(Path(each.named.root)) for each in found]
    are_own = [is_single(each) and name in each.collection.students for each, name in zip(found, names, strict=True)]
    for each, name, is_own in zip(found, names, are_own, strict=True):
        if is_own and not each.below:
            places[name].add(os.path.dirname(each.named.root))
    left: list[HandIns] = []
    refused: list[str] = []
    for each, name, is_own in zip(found, names, are_own, strict=True):
        if not is_own or each.below or len(places[name]) == 1:
            left.append(each)
            continue
        root = one_line(each.collection.root)
        refused.append(
            f"{root} is called like another one that you named, and both would be one student:"
            f" grade the folders around them, or choose with --layout {each.collection.layout}."
        )
    if refused and not left:
        raise SubmissionError(refused[0])
    for why in refused:
        click.echo(f"Not graded: {why}", err=True)
    return left


def is_of(unplaced: Unplaced, hand_ins: Sequence[HandIns]) -> bool:
    """Whether a file is of what was named in this run."""
    return any(
        unplaced.root == each.named.root
        and (not each.below or unplaced.path == each.below or unplaced.path.startswith(f"{each.below}/"))
        for each in hand_ins
    )


def find_and_tell(
    path: Path, course: Course, gradebook: Gradebook, options: Options, others: Sequence[str] = ()
) -> HandIns:
    """What was handed in under a path; says how it was read. `others`: what else was named is called."""
    asked = Asked(options.layout, options.exercise, options.rules, options.zone, options.reports)
    found = find(path, course.names, gradebook, asked, others)
    own = None if options.assignment else of_class(found, gradebook, options, course.names)
    if own is not None:
        told = assigned(own, course, gradebook, options, is_named=False)
        if (told.zone, told.rules) != (asked.zone, asked.rules):
            found = find(path, course.names, gradebook, replace(asked, zone=told.zone, rules=told.rules), others)
    tell(f"{visible(str(path))}: {found.collection.summary()}", options)
    if found.collection.choices:
        tell("Of several files:", options)
    for line in (*lines_of_choices(found.collection.choices), *found.collection.notes):
        tell(line, options)
    return found


def of_class(found: HandIns, gradebook: Gradebook, options: Options, exercises: Sequence[str]) -> Applied | None:
    """The assignment's file at the top of a class's folder: not in a folder that is a student's, and not in a zip.

    Of several folders, as the shell makes of "submissions/*", each may be a student's, and so may be one that lies
    among students' folders: there a new one is not read.
    """
    root = Path(found.named.root)
    path = found_in(root) if root.is_dir() and found.named.layout not in ONE_STUDENT else None
    if path is None:
        return None
    if str(path) in {each.path for each in stored.assignments(gradebook)}:
        return assignment.read(path)
    if not options.is_only:
        why = "several folders were named"
    elif lies_among_students(root, Names(exercises)):
        why = "the folders beside it are students'"
    else:
        return assignment.read(path)
    tell(f"Not read, as {why}: {one_line(str(path))}; where it is yours, name it with --assignment", options)
    return None


def lies_within(applied: Applied, paths: Sequence[Path]) -> bool:
    """Whether an assignment's file lies in a folder in what is graded, which may be a student's."""
    folder = Path(applied.path).parent
    return any(root in folder.parents for root in (Path(os.path.realpath(path)) for path in paths))


def lies_beside(applied: Applied, hand_ins: Sequence[HandIns]) -> bool:
    """Whether the folder of an assignment's file lies among folders that are graded as one student's each."""
    folder, exercises = Path(applied.path).parent, parse(applied.text, applied.path).exercises
    roots = {
        each.named.root
        for each in hand_ins
        if is_single(each) and not each.below and any(found.exercise in exercises for found in each.collection.found)
    }
    return sum(Path(root).parent == folder.parent and Path(root) != folder for root in roots) > 1


def forget_found(gradebook: Gradebook, applied: Iterable[Applied], named: Applied | None) -> None:
    """Takes assignments out of force that were found, and hold for others than those in whose folder they lie."""
    for each in applied:
        if not each.is_named and (named is None or each.path != named.path):
            stored.forget(gradebook, each.path)
            why = "it was found in a folder that may be a student's; where it is yours, name it with --assignment"
            click.echo(one_line(f"Not in force any more: {each.path}, as {why}"), err=True)


def assigned(file: Applied, course: Course, gradebook: Gradebook, options: Options, *, is_named: bool) -> Options:
    """Takes a file in. Its zone counts where none is named, and what it chooses after what is chosen."""
    known = assignment.known_exercises(gradebook, course)
    made = parse(file.text, file.path, known)
    stored.set_assignments(gradebook, taken_in(stored.assignments(gradebook), file, is_named=is_named, exercises=known))
    tell(one_line(f"Assignment: {made.title} ({file.path})"), options)
    rules = Rules((*options.rules.choose, *made.choose), (*options.rules.ignore, *made.ignore))
    return replace(options, zone=options.zone or made.zone, rules=rules)


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
    where = judges(str(batch.course.root), numbers, jobs=jobs, scheduler=options.scheduler)
    with where as places, progress.display(len(found)) as display:
        if not options.must_confine:
            warn_of_missing_walls(places.sandbox)
        failures = 0
        for _, graded in batch.run(batch.tasks(pending), places):
            failures += graded.status == "error"
            display.advance(batch.graded + batch.unchanged, failures)


def write_json(gradebook: Gradebook, target: str, scores: Sequence[Scores]) -> None:
    from grader.gradebook.export import export

    text = export(gradebook.grades(), "json", lost=gradebook.not_graded(), scores=scores).text
    if target == "-":
        click.echo(text, nl=False)
    else:
        Path(target).write_text(text, encoding="utf-8")


def tell(line: str, options: Options) -> None:
    """Says a line where it is not in the way of what is written to stdout."""
    click.echo(line, err=options.json_target == "-")
