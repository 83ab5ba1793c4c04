"""The layouts that submissions come in: a path → whose file it is, and what tells its exercise.

Each layout is one function of a path that says nothing (None) where the path is not of its kind. None of them opens a
file, and none knows the others: which layout a collection has is decided in `discovery`.
"""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from os.path import splitext

# What downloads and people add to the name of a second copy: "(1)", "(copy)", " - Copy", "-2", "_v2".
BRACKETED = re.compile(r"\s*\((?:([0-9]{1,3})|copy)\)$", re.IGNORECASE)
COPY = re.compile(rf"(?:{BRACKETED.pattern[:-1]}|[\s_-]+copy|[\s_-]+v?([0-9]{{1,3}}))$", re.IGNORECASE)

SEPARATOR = re.compile(r"[\s_.-]+")

Parts = tuple[str, ...]  # folders and the file's name, from the root


@dataclass(frozen=True)
class Place:
    """What a layout sees in a path."""

    student: str  # "" where it cannot be told, and then nor can the exercise
    name: str
    stem: str = ""  # the file's name as the student gave it, which may be an exercise's
    exercise: str = ""  # where the layout itself tells
    number: int = 0
    folder: str = ""  # may be an exercise's name, and then stands for the name of the one file in it...
    depth: int = 0  # ... which is the one file below the first `depth` parts of the path


class Names:
    """The exercises' names, and how to find them in names of files. `only`: the exercise that every file answers."""

    def __init__(self, exercises: Iterable[str], only: str | None = None) -> None:
        self.only = only
        self._names = {name.casefold(): name for name in (*exercises, *([only] if only else []))}

    def exact(self, text: str) -> str | None:
        return self._names.get(text.casefold())

    def match(self, stem: str) -> tuple[str, int] | None:
        """The exercise that a file of this name answers, and which copy it is."""
        for text, number in copies(stem, COPY):
            if name := self.exact(text):
                return self.only or name, number
        return (self.only, number_of(stem)) if self.only else None

    def split(self, stem: str) -> tuple[str, str, int] | None:
        """(student, exercise, copy) of "ann_lee_lstm_cell (1)". The longest name of an exercise at the end counts."""
        for text, number in copies(stem, COPY):
            if self.exact(text):
                return None  # no student
            for separator in SEPARATOR.finditer(text):
                name = self.exact(text[separator.end() :])
                if name and separator.start():
                    return text[: separator.start()], self.only or name, number
        return (bare(stem), self.only, number_of(stem)) if self.only else None

    def near(self, stem: str) -> str | None:
        """The exercise that was probably meant."""
        base = list(copies(stem, COPY))[-1][0]
        return near(base.casefold(), tuple(self._names.values()))


@lru_cache(maxsize=4096)  # a class makes the same slips, and helpers have the same few names
def near(text: str, names: tuple[str, ...]) -> str | None:
    return next(iter(difflib.get_close_matches(text, names, n=1, cutoff=0.75)), None)


def copies(stem: str, mark: re.Pattern[str]) -> Iterator[tuple[str, int]]:
    """The stem, then what is left of it as marks of copies are taken off its end, with the sum of their numbers."""
    number = 0
    while stem:
        yield stem, number
        found = mark.search(stem)
        if not found:
            return
        number += int(next(filter(None, found.groups()), 1))
        stem = stem[: found.start()]


def bare(stem: str) -> str:
    """A student's name without marks of copies in brackets: other numbers may belong to the name."""
    return list(copies(stem, BRACKETED))[-1][0]


def number_of(stem: str) -> int:
    return list(copies(stem, BRACKETED))[-1][1]


def moodle(path: Parts, root: str, names: Names) -> Place | None:
    """Moodle's download, in folders or flat. The folder above may be the assignment's."""
    for i, folder in enumerate(path[:-1]):
        if match := re.fullmatch(r"(.+)_(\d+)_assignsubmission_[a-z]+_?", folder):
            return Place(match[2], match[1], splitext(path[-1])[0], folder=path[i - 1] if i else "", depth=i + 1)
    if match := re.fullmatch(r"(.+?)_(\d+)_assignsubmission_[a-z]+_(.+)", path[-1]):
        return Place(match[2], match[1], splitext(match[3])[0])
    return None


def canvas(path: Parts, root: str, names: Names) -> Place | None:
    """Canvas's download. The submission's id grows with each upload, so it orders attempts."""
    match = re.fullmatch(r"(.+?)(?:_late)?_(\d{1,18})_(\d{1,18})_(.+)", path[-1], re.IGNORECASE)
    return Place(match[2], match[1], splitext(match[4])[0], number=int(match[3])) if match else None


def nbgrader(path: Parts, root: str, names: Names) -> Place | None:
    """submitted/<student>/<assignment>/…, whether or not the root is the folder `submitted` itself."""
    chain = (root, *path)
    for i, folder in enumerate(chain[:-3]):
        if folder == "submitted":
            student, assignment = chain[i + 1 : i + 3]
            return Place(student, student, splitext(path[-1])[0], folder=assignment, depth=i + 2)
    return None


def classroom(path: Parts, root: str, names: Names) -> Place | None:
    """<assignment>-submissions/<assignment>-<login>/…, whether or not the root is the first folder itself."""
    chain = (root, *path)
    for i, (folder, repository) in enumerate(itertools.pairwise(chain[:-1])):
        match = re.fullmatch(r"(.+)-submissions(?:\s*\(\d+\))?", folder)
        if match and repository.casefold().startswith(f"{match[1]}-".casefold()):
            login = repository[len(match[1]) + 1 :]
            if login:
                return Place(login, login, splitext(path[-1])[0], folder=match[1], depth=i + 1)
    return None


def exercise_folders(path: Parts, root: str, names: Names) -> Place | None:
    """<exercise>/<student>.py, or <exercise>/<student>/…"""
    exercise = names.exact(path[0]) if len(path) > 1 else None
    if not exercise:
        return None
    stem = splitext(path[-1])[0]
    if len(path) > 2:
        return Place(path[1], path[1], stem, folder=exercise, depth=2)
    told = names.only or exercise
    student, named, number = names.split(stem) or (bare(stem), told, number_of(stem))
    if named != told or any(names.exact(text) for text, _ in copies(student, COPY)):
        return None  # folder and file disagree, or neither names a student
    return Place(student, student, exercise=told, number=number)


def student_folders(path: Parts, root: str, names: Names) -> Place | None:
    """<student>/…/<exercise>.py, or one file in <student>/…/<exercise>/"""
    if len(path) < 2:
        return None
    folder = path[-2] if len(path) > 2 else ""
    return Place(path[0], path[0], splitext(path[-1])[0], folder=folder, depth=len(path) - 1)


def flat(path: Parts, root: str, names: Names) -> Place | None:
    """<student>_<exercise>.py"""
    if len(path) > 1:
        return None
    stem = splitext(path[-1])[0]
    if parts := names.split(stem):
        return Place(parts[0], parts[0], exercise=parts[1], number=parts[2])
    ends = [stem[separator.end() :] for separator in SEPARATOR.finditer(stem)]
    slip = next(filter(names.near, ends), "") if names.match(stem) is None else ""
    return Place("", "", slip) if slip else None


def one_student(path: Parts, root: str, names: Names) -> Place | None:
    """<exercise>.py, in the folder of a student"""
    stem = splitext(path[-1])[0]
    return Place(root, root, stem) if len(path) == 1 and names.match(stem) is not None else None


@dataclass(frozen=True)
class Layout:
    name: str
    title: str
    form: str  # shown where nothing has it
    place: Callable[[Parts, str, Names], Place | None]
    general: bool = False  # has no mark of its own, so files that bear another layout's mark do not speak for it
    aside: frozenset[str] = frozenset()  # folders of the same tool that hold no submissions
    dated: bool = True  # the files' dates are those of the submissions


# The more specific first: it wins where two place as many files.
KNOWN = (
    Layout("moodle", "Moodle download", "<Full name>_<id>_assignsubmission_file_/<exercise>.py", moodle),
    Layout("canvas", "Canvas download", "<name>_<user id>_<submission id>_<exercise>.py", canvas, dated=False),
    Layout(
        "nbgrader", "nbgrader course", "submitted/<student>/<assignment>/<notebook>.ipynb", nbgrader,
        aside=frozenset({"source", "release", "autograded", "feedback"}),
    ),
    Layout("classroom", "GitHub Classroom", "<assignment>-submissions/<assignment>-<login>/<exercise>.py", classroom),
    Layout("exercises", "One folder an exercise", "<exercise>/<student>.py", exercise_folders, general=True),
    Layout("folders", "One folder a student", "<student>/<exercise>.py", student_folders, general=True),
    Layout("flat", "Files named student_exercise", "<student>_<exercise>.py", flat, general=True),
    Layout("student", "One student's files", "<exercise>.py", one_student, general=True),
)  # fmt: skip
LAYOUTS = tuple(layout.name for layout in KNOWN)
