"""What lies beside a path, or was named with it: whether that tells that it is one student's, and no class of its own.

What a student hands in may look like a class, with folders named like others in it. The names of the paths themselves
are told by whoever grades or collects; what is in them is the students' word, and does not decide whose it is.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from grader.submissions.attempts import ASIDE
from grader.submissions.folder import MAX_WRAPPERS, is_ignored, is_zip
from grader.submissions.layouts import holds_students
from grader.submissions.names import SEPARATOR, Names

MOST_BESIDE = 1000  # folders that are looked at
MOST_WITHIN = 500  # entries of each
ANSWERS = (".py", ".ipynb")


def lies_among_students(folder: Path, names: Names) -> bool:
    """Whether most folders beside a folder are as those of a class's students are.

    They have an answer at their top, or below it where they are not called like weeks.
    """
    likely = others = 0
    for each in folders_beside(folder):
        is_likely = bool(within(each, names)[0])
        is_likely = is_likely or (not may_be_classes(own_name(folder), [each.name]) and is_of_one(each, names))
        likely, others = likely + is_likely, others + (not is_likely)
    return likely > max(1, others)


def folders_beside(path: Path) -> list[Path]:
    path = Path(os.path.abspath(path))
    try:
        beside = sorted(path.parent.iterdir())[:MOST_BESIDE]
    except OSError:
        return []
    return [each for each in beside if each != path and each.is_dir() and not is_ignored((each.name,))]


def is_of_one(folder: Path, names: Names) -> bool:
    """Whether a folder has an answer at its top, or below it as one student's has: no two folders in it have answers to
    the same exercise (folders like `old/` aside), and none has a name that tells of students in it."""
    for _ in range(MAX_WRAPPERS):
        answers, inner = within(folder, names)
        if answers:
            return True
        if len(inner) != 1 or holds_students(inner[0].name, names):
            break
        folder = inner[0]
    told: set[str] = set()
    for each in inner:
        if each.name.casefold() in ASIDE:
            continue
        found = answers_below(each, names)
        if holds_students(each.name, names) or not told.isdisjoint(found):
            return False
        told |= found
    return bool(told)


def answers_below(folder: Path, names: Names) -> set[str]:
    """The exercises that are answered in a folder, some folders deep."""
    found: set[str] = set()
    level = [folder]
    for _ in range(MAX_WRAPPERS):
        deeper: list[Path] = []
        for each in level[:MOST_WITHIN]:
            answers, inner = within(each, names)
            found |= answers
            deeper += inner
        level = deeper
    return found


def within(folder: Path, names: Names) -> tuple[set[str], list[Path]]:
    """The exercises that files in a folder answer, and the folders in it. Nothing where it cannot be read."""
    answers: set[str] = set()
    inner: list[Path] = []
    try:
        with os.scandir(folder) as entries:
            for entry, _ in zip(entries, range(MOST_WITHIN), strict=False):
                if is_ignored((entry.name,)):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    inner.append(Path(entry.path))
                elif entry.name.endswith(ANSWERS) and (name := names.named(entry.name.rpartition(".")[0])):
                    answers.add(name)
    except OSError:
        return set(), []
    return answers, inner


def named_beside(path: Path, students: Mapping[str, str]) -> str:
    """Of students that are found in a folder or a zip, one who is called like what lies beside it; "" where none is."""
    beside = {name.casefold() for name in names_beside(path)} - {own_name(path).casefold()}
    return next((id for id, name in students.items() if not beside.isdisjoint({id.casefold(), name.casefold()})), "")


def names_beside(path: Path) -> set[str]:
    """What the folders and zips beside a path are called, where that is another name than its own."""
    try:
        with os.scandir(os.path.dirname(os.path.abspath(path))) as entries:
            others = [(entry.name, entry.is_dir()) for entry in entries]
    except OSError:
        return set()
    names = {name if is_folder else name[: -len(".zip")] for name, is_folder in others if is_folder or is_zip(name)}
    return names - {own_name(path)}


def own_name(path: Path) -> str:
    """What a folder or a zip is called."""
    path = Path(os.path.abspath(path))
    return path.stem if is_zip(path.name) and not path.is_dir() else path.name


def is_told_by(own: str, others: Iterable[str], student: str) -> bool:
    """Whether a name is that of the path itself, or its beginning or end: "ann" of "ann_hw", unless that is what others
    that were named with it begin or end with, too."""
    wanted = words(student)
    return student == own or (wanted in parts(own) and not any(wanted in parts(other) for other in others))


@lru_cache(maxsize=1 << 14)
def parts(name: str) -> frozenset[tuple[str, ...]]:
    """The beginnings and ends of a name, in words."""
    whole = words(name)
    lengths = range(1, len(whole) + 1)
    return frozenset([*(whole[:end] for end in lengths), *(whole[-end:] for end in lengths)])


def words(name: str) -> tuple[str, ...]:
    return tuple(word for word in SEPARATOR.split(name.casefold()) if word)


def may_be_classes(own: str, others: Iterable[str]) -> bool:
    """Whether a name differs from another by a number or not at all, as those of weeks do: "week1", "week2"."""
    return without_numbers(own) in map(without_numbers, others)


@lru_cache(maxsize=1 << 14)
def without_numbers(name: str) -> str:
    return re.sub(r"\d+", "0", name)
