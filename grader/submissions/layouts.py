"""The layouts that submissions come in: a path → whose file it is, and what tells its exercise.

Each layout is one function of a path and the name of the folder that holds it; it says nothing (None) where the path is
not of its kind. Only the first parts of a path, as many as a layout writes itself, tell the student: what comes after
them is the student's own and may look like anything. No function opens a file, and none knows the others: which layout
a collection has is decided in `discovery`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from os.path import splitext

from grader.submissions.folder import Parts

# What downloads and people add to the name of a second copy: "(1)", "(copy)", " - Copy", "-2", "_v2".
BRACKETED = re.compile(r"\s*\((?:([0-9]{1,3})|copy)\)$", re.IGNORECASE)
COPY = re.compile(rf"(?:{BRACKETED.pattern[:-1]}|[\s_-]+copy|[\s_-]+v?([0-9]{{1,3}}))$", re.IGNORECASE)

SEPARATOR = re.compile(r"[\s_.-]+")
MOODLE_MARK = "_assignsubmission_"
MOODLE_FOLDER = re.compile(rf"(.+)_(\d+){MOODLE_MARK}[a-z]+_?")
MOODLE_FILE = re.compile(rf"(.+?)_(\d+){MOODLE_MARK}[a-z]+_(.+)")
CANVAS = re.compile(r"(.+?)(?:_late)?_(\d{1,18})_(\d{1,18})_(.+)", re.IGNORECASE)
CLASSROOM = re.compile(r"(.+)(?:-submissions|_submissions_[\dT_]+)(?:\s*\(\d+\))?")  # and Classroom 50, with a date
SUBMITTED = "submitted"  # nbgrader's folder of what was handed in


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


def moodle(path: Parts, holder: str, names: Names) -> Place | None:
    """Moodle's download, in folders or flat. The folder around it may be the assignment's."""
    if len(path) > 1:
        match = MOODLE_FOLDER.fullmatch(path[0]) if path[0].count(MOODLE_MARK) == 1 else None
        return Place(match[2], match[1], splitext(path[-1])[0], folder=holder, depth=1) if match else None
    match = MOODLE_FILE.fullmatch(path[0])
    if not match or CANVAS.fullmatch(f"{match[1]}_x"):  # then the mark is in what a student of Canvas named a file
        return None
    return Place(match[2], match[1], splitext(match[3])[0])


def canvas(path: Parts, holder: str, names: Names) -> Place | None:
    """Canvas's download. The submission's id grows with each upload, so it orders attempts."""
    match = CANVAS.fullmatch(path[0]) if len(path) == 1 else None
    return Place(match[2], match[1], splitext(match[4])[0], number=int(match[3])) if match else None


def nbgrader(path: Parts, holder: str, names: Names) -> Place | None:
    """submitted/<student>/<assignment>/…, whether the holder is the course or the folder `submitted` itself."""
    skipped = 0 if holder == SUBMITTED else 1
    if len(path) < skipped + 3 or (skipped and path[0] != SUBMITTED):
        return None
    student, assignment = path[skipped : skipped + 2]
    return Place(student, student, splitext(path[-1])[0], folder=assignment, depth=skipped + 2)


def classroom(path: Parts, holder: str, names: Names) -> Place | None:
    """<assignment>-submissions/<assignment>-<login>/…, whether or not the holder is the first folder itself."""
    for i, folder in enumerate((holder, path[0])):
        match = CLASSROOM.fullmatch(folder)
        if match and len(path) > i + 1 and path[i].casefold().startswith(f"{match[1]}-".casefold()):
            login = path[i][len(match[1]) + 1 :]
            if login:
                return Place(login, login, splitext(path[-1])[0], folder=match[1], depth=i + 1)
    return None


def exercise_folders(path: Parts, holder: str, names: Names) -> Place | None:
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


def student_folders(path: Parts, holder: str, names: Names) -> Place | None:
    """<student>/…/<exercise>.py, or one file in <student>/…/<exercise>/"""
    if len(path) < 2:
        return None
    folder = path[-2] if len(path) > 2 else ""
    return Place(path[0], path[0], splitext(path[-1])[0], folder=folder, depth=len(path) - 1)


def flat(path: Parts, holder: str, names: Names) -> Place | None:
    """<student>_<exercise>.py"""
    if len(path) > 1:
        return None
    stem = splitext(path[-1])[0]
    if parts := names.split(stem):
        return Place(parts[0], parts[0], exercise=parts[1], number=parts[2])
    ends = [stem[separator.end() :] for separator in SEPARATOR.finditer(stem)]
    slip = next(filter(names.near, ends), "") if names.match(stem) is None else ""
    return Place("", "", slip) if slip else None


def one_student(path: Parts, holder: str, names: Names) -> Place | None:
    """<exercise>.py, in the folder of a student"""
    stem = splitext(path[-1])[0]
    return Place(holder, holder, stem) if len(path) == 1 and names.match(stem) is not None else None


@dataclass(frozen=True)
class Layout:
    name: str
    title: str
    form: str  # shown where nothing has it
    place: Callable[[Parts, str, Names], Place | None]
    general: bool = False  # has no mark of its own, so files that bear another layout's mark do not speak for it
    aside: frozenset[str] = frozenset()  # folders of the same tool that hold no submissions
    mark: str = ""  # what names of the tool have in them, also where they tell no student
    dated: bool = True  # the files' dates are those of the submissions, as the tool wrote them, or all that is known
    stamped: bool = False  # the tool writes a timestamp.txt into the folder that `Place.depth` ends at


# The more specific first: it wins where two place the same.
KNOWN = (
    Layout(
        "moodle", "Moodle download", "<Full name>_<id>_assignsubmission_file_/<exercise>.py", moodle, mark=MOODLE_MARK
    ),
    Layout("canvas", "Canvas download", "<name>_<user id>_<submission id>_<exercise>.py", canvas, dated=False),
    Layout(
        "nbgrader", "nbgrader course", "submitted/<student>/<assignment>/<notebook>.ipynb", nbgrader,
        aside=frozenset({"source", "release", "autograded", "feedback"}), stamped=True,
    ),
    Layout(
        "classroom", "GitHub Classroom", "<assignment>-submissions/<assignment>-<login>/<exercise>.py", classroom,
        dated=False,  # cloning dates the files
    ),
    Layout("exercises", "One folder an exercise", "<exercise>/<student>.py", exercise_folders, general=True),
    Layout("folders", "One folder a student", "<student>/<exercise>.py", student_folders, general=True),
    Layout("flat", "Files named student_exercise", "<student>_<exercise>.py", flat, general=True),
    Layout("student", "One student's files", "<exercise>.py", one_student, general=True),
)  # fmt: skip
LAYOUTS = tuple(layout.name for layout in KNOWN)


def holds_students(name: str, names: Names) -> bool:
    """Whether a folder of this name at the top is none of a student's: some layout has the students in it."""
    asides = set().union(*(layout.aside for layout in KNOWN))
    is_known = name == SUBMITTED or name in asides or names.exact(name) is not None
    return is_known or CLASSROOM.fullmatch(name) is not None
