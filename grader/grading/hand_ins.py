"""From a path that was named to a class in the gradebook: what is in it, who handed in, and what is not graded.

A path within a class that was graded before, one student's folder or a file, is read as that class is laid out: it
grades that student again and makes nobody new.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.gradebook.roster import is_same
from grader.gradebook.store import Class, Gradebook, GradebookError, Unplaced
from grader.submissions.attempts import ASIDE
from grader.submissions.discovery import Asked, Collection, Found, discover
from grader.submissions.folder import Parts
from grader.submissions.layouts import KNOWN, ONE_STUDENT, WHOLE, around, holds_students
from grader.submissions.names import Names
from grader.submissions.neighbours import (
    is_told_by,
    lies_among_students,
    may_be_classes,
    named_beside,
    names_beside,
    own_name,
)
from grader.submissions.submission import SubmissionError
from grader.text import visible

FEW = 10  # times fewer than of the most common exercise: those are of another week
FLAT = {"moodle", "canvas", "blackboard", "flat"}  # layouts that may have students' files at the top


@dataclass(frozen=True)
class HandIns:
    """What was found under a path."""

    named: Class
    collection: Collection
    below: str = ""  # the path of the part that was named, where that is not all of the class


def find(
    path: Path, exercises: Sequence[str], gradebook: Gradebook, asked: Asked, others: Sequence[str] = ()
) -> HandIns:
    """What was handed in under a path. `others`: what else was named is called. Raises SubmissionError."""
    within = None if asked.layout else locate(path, gradebook.classes(), Names(exercises))
    if within is None:
        collection = discover(path, exercises, asked=asked)
        if asked.layout is None:
            collection = told_by_name(path, collection, exercises, asked, others)
            check_neighbours(path, collection, Names(exercises))
        named = Class(
            os.path.realpath(path), collection.layout, collection.depth, asked.exercise or "", collection.renumbered,
            asked_for(collection),
        )  # fmt: skip
        return HandIns(named, collection)
    named, only = within
    asked = replace(
        asked, layout=named.layout, depth=named.depth, exercise=asked.exercise or named.exercise or None, only=only
    )
    root = above(path, only, named.root)
    return HandIns(named, discover(root, exercises, asked=asked), "/".join((str(root), *only)))


def told_by_name(
    path: Path, collection: Collection, exercises: Sequence[str], asked: Asked, others: Sequence[str]
) -> Collection:
    """Of several paths: where only names in this one tell a student, all of it is the one's that its own name tells.

    Else "src" in Ann's folder and in Bob's would be one student, and what Ann packs could be Bob's. A class shows by
    two who answer the same exercise, or by a tool's names. Raises SubmissionError where it may be a class, too.
    """
    own = own_name(path)
    if not others or collection.layout in ONE_STUDENT or holds_students(own, Names(exercises)):
        return collection
    is_general = any(layout.general and layout.name == collection.layout for layout in KNOWN)
    if has_rivals(collection) or (len(collection.students) > 1 and not is_general):
        return collection
    if len(collection.students) == 1 and is_told_by(own, others, *collection.students):
        return collection
    if is_general and not may_be_classes(own, others):
        whole = discover(path, exercises, asked=replace(asked, layout=WHOLE))
        if {found.exercise for found in whole.found} >= {found.exercise for found in collection.found}:
            return whole
    raise SubmissionError(
        f'{path} is one student\'s or, by what is in it, a class of its own ("{collection.title}"):'
        f" choose with --layout {WHOLE} or --layout {collection.layout}."
    )


def has_rivals(collection: Collection) -> bool:
    """Whether two students answer the same exercise, as in any class; folders like `old/` are no students."""
    students: dict[str, str] = {}
    found = (each for each in collection.found if each.student.casefold() not in ASIDE)
    return any(students.setdefault(each.exercise, each.student) != each.student for each in found)


def check_neighbours(path: Path, collection: Collection, names: Names) -> None:
    """Raises SubmissionError for what would be a class by what is in it, and may be one student's by what is around."""
    is_one = len(collection.students) == 1
    if collection.layout in ONE_STUDENT or (
        is_one and is_told_by(own_name(path), names_beside(path), *collection.students)
    ):
        return
    if path.is_dir() and lies_among_students(path, names):
        where = "lies among students' folders"
    elif other := named_beside(path, collection.students):
        where = f"holds what would be {visible(other)}'s, who has a folder or a zip beside it"
    else:
        return
    raise SubmissionError(
        f'{path} {where}, and by what is in it would be a class of its own ("{collection.title}"):'
        f" grade the folder around it, or choose with --layout {collection.layout}, or with --layout {WHOLE} where all"
        " of it is one student's."
    )


def asked_for(collection: Collection) -> tuple[str, ...]:
    """The exercises that a class was asked for, as far as what it handed in tells: a file of another week is none."""
    counts = Counter(exercise for _, exercise in {(found.student, found.exercise) for found in collection.found})
    most = max(counts.values(), default=0)
    return tuple(sorted(exercise for exercise, count in counts.items() if exercise and FEW * count > most))


def locate(path: Path, classes: Iterable[Class], names: Names) -> tuple[Class, Parts] | None:
    """The class that a path is a part of, and the way there from the class's folder; None where it is a class itself.

    That is a class which was graded before, else one that the tool's name of the folder speaks of.
    """
    real = Path(os.path.realpath(path))
    known = [each for each in classes if real.is_relative_to(each.root)]
    if known:
        nearest = max(known, key=lambda each: len(each.root))
        only = real.relative_to(nearest.root).parts
        return (nearest, only) if only and os.path.isdir(nearest.root) else None
    if not real.is_dir():
        return None
    sight = around(real.parent.name, [real.name], {})
    for layout in KNOWN:
        if layout.general or layout.name == "canvas":  # a class's folder may have a name like those of Canvas's files
            continue
        if any(layout.place((real.name, *inner, "x.py"), sight, names) for inner in ((), ("x",))):
            return Class(str(real.parent), layout.name, 0, "", layout.renumbered), (real.name,)
    return None


def above(path: Path, only: Parts, root: str) -> Path:
    """The class's folder as the user names it."""
    parents = path.parents
    shown = parents[len(only) - 1] if len(parents) >= len(only) else Path(root)
    return shown if os.path.realpath(shown) == root else Path(root)


def is_part_of_class(path: Path, gradebook: Path) -> bool:
    """Whether a file is in a class that was graded before, into a gradebook that does not lie in what it tells of.

    One that does may be what a student handed in, and say anything.
    """
    try:
        with Gradebook(gradebook) as book:
            within = locate(path, book.classes(), Names(()))
    except GradebookError:
        return False
    if within is None or not path.is_file():
        return False
    named, only = within
    inner = only[named.depth :]
    if len(inner) < 2 and named.layout not in FLAT:
        return False  # it lies beside the students' parts
    return not Path(os.path.realpath(gradebook)).is_relative_to(named.root)


def note(gradebook: Gradebook, hand_ins: Iterable[HandIns]) -> list[Found]:
    """Notes who handed in what. Answers what is to be graded."""
    found: list[Found] = []
    for each in hand_ins:
        collection, known = each.collection, gradebook.names()
        # The number of a group, of another course or of another system may be that of somebody who was noted before.
        ids = {}
        for student, name in collection.students.items():
            before, is_numbered = known.get(student, (name, False))
            if (collection.renumbered or is_numbered) and not is_same(before, name):
                ids[student] = f"{student} {name}"
        exercises = {one.exercise for one in collection.found}
        only = exercises.pop() if len(exercises) == 1 else ""
        gradebook.note_class(
            each.named,
            {ids.get(student, student): name for student, name in collection.students.items()},
            (
                Unplaced(
                    one.path, one.reason, ids.get(one.student, one.student), one.name, one.exercise or only, one.lost
                )
                for one in collection.unplaced
            ),
            each.below,
            {ids.get(student, student): download for student, download in collection.downloads.items()},
        )
        found += (replace(one, student=ids.get(one.student, one.student)) for one in collection.found)
    return found


def note_problems(gradebook: Gradebook, hand_ins: Sequence[HandIns], problems: Iterable[Unplaced]) -> None:
    """Notes what turned out not to be readable."""
    roots = {found.path: each.named.root for each in hand_ins for found in each.collection.found}
    gradebook.add_unplaced((roots[problem.path], problem) for problem in problems)
