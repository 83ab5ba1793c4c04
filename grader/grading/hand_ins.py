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
from grader.submissions.discovery import Asked, Collection, Found, discover
from grader.submissions.folder import Parts
from grader.submissions.layouts import KNOWN, around
from grader.submissions.names import Names
from grader.submissions.submission import SubmissionError

FEW = 10  # times fewer than of the most common exercise: those are of another week
MOST_BESIDE = 1000  # folders that are looked at
FLAT = {"moodle", "canvas", "blackboard", "flat"}  # layouts that may have students' files at the top


@dataclass(frozen=True)
class HandIns:
    """What was found under a path."""

    named: Class
    collection: Collection
    below: str = ""  # the path of the part that was named, where that is not all of the class


def find(path: Path, exercises: Sequence[str], gradebook: Gradebook, asked: Asked) -> HandIns:
    """What was handed in under a path. Raises SubmissionError."""
    within = None if asked.layout else locate(path, gradebook.classes(), Names(exercises))
    if within is None:
        collection = discover(path, exercises, asked=asked)
        is_class = collection.layout != "student" and asked.layout is None
        if is_class and path.is_dir() and lies_among_students(path, Names(exercises)):
            raise SubmissionError(
                f"{path} lies among students' folders, and by what is in it would be a class of its own"
                f' ("{collection.title}"): grade the folder around it, or choose with --layout {collection.layout}.'
            )
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


def lies_among_students(folder: Path, names: Names) -> bool:
    """Whether most folders beside a folder have an answer at their top, as those of a class's students have."""
    likely = others = 0
    folder = folder.absolute()
    try:
        beside = [each for each in sorted(folder.parent.iterdir())[:MOST_BESIDE] if each.is_dir() and each != folder]
        for each in beside:
            stems = [name.rpartition(".")[0] for name in os.listdir(each) if name.endswith((".py", ".ipynb"))]
            has_answer = any(names.named(stem) for stem in stems)
            likely, others = likely + has_answer, others + (not has_answer)
    except OSError:
        return False
    return likely > max(1, others)


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
