"""Where a system wants a report: a file's name as the system gave it → the name under which it takes a report back.

A name is taken for the system's only where the id in it is the one under which the file was graded. What a student
named a folder or a file may look like anything, and tells nothing here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from grader.submissions.layouts import CANVAS, CANVAS_ANONYMOUS, EXCHANGED, MOODLE_FILE, MOODLE_FOLDER
from grader.text import visible

UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f\ufffd]+')  # somewhere a separator, or not to be in a file's name


class NoPlaceError(Exception):
    """The system would not know whose it is. The message says why."""


@dataclass(frozen=True)
class Place:
    """Where a report goes."""

    target: str  # file within the package
    root: str = ""  # what was around the name that tells it: the download


@dataclass(frozen=True)
class HandIn:
    """The file that a grade follows from."""

    student: str  # as the download told students apart
    layouts: frozenset[str]  # of the downloads that know that student; none where that was not noted
    path: str
    exercise: str

    @property
    def parts(self) -> list[str]:
        return self.path.split("/")

    @property
    def file(self) -> str:
        """The file's name without what the system put before it."""
        name = self.parts[-1]
        for pattern in (MOODLE_FILE, CANVAS_ANONYMOUS, CANVAS):
            found = pattern.fullmatch(name)
            if found and self.layouts & {"moodle", "canvas"}:
                return found[pattern.groups]
        return name

    def is_by(self, id: str) -> bool:
        """Whether an id is that of whoever handed in. A number that another name had before stands with the name."""
        return self.student == id or self.student.startswith(f"{id} ")

    def require(self, *layouts: str) -> None:
        if self.layouts and self.layouts.isdisjoint(layouts):
            raise NoPlaceError("it was handed in elsewhere")


def safe(part: str) -> str:
    """A name that is one folder or file wherever it is unpacked."""
    return UNSAFE.sub(" ", visible(part)).strip(" .") or "unnamed"


def moodle(handed: HandIn) -> Place:
    """A folder named as in the download, which Moodle takes for the person's, or the group's, with that number."""
    handed.require("moodle")
    for i, part in enumerate(handed.parts):
        found = MOODLE_FOLDER.fullmatch(part) or MOODLE_FILE.fullmatch(part)
        if found and found[2] and handed.is_by(found[2]):
            name = safe(found[1]).replace("_", " ")  # Moodle reads up to the first one
            target = f"{name}_{found[2]}_assignsubmission_file_/{safe(handed.exercise)}.html"
            return Place(target, "/".join(handed.parts[:i]))
    raise NoPlaceError("the name of the file has no number of Moodle's")


def canvas(handed: HandIn) -> Place:
    """A file that begins as the downloaded one: with it goes the comment to that submission."""
    handed.require("canvas")
    for i, part in enumerate(handed.parts):
        for pattern, id in ((CANVAS_ANONYMOUS, 1), (CANVAS, 2)):
            found = pattern.fullmatch(part)
            if found and handed.is_by(found[id]):
                begin = safe(part[: found.start(pattern.groups)])
                return Place(f"{begin}{safe(handed.exercise)}.html", "/".join(handed.parts[:i]))
    raise NoPlaceError("the name of the file has no numbers of Canvas's")


def nbgrader(handed: HandIn) -> Place:
    """feedback/<student>/<assignment>/<notebook>.html, from the course's folder."""
    handed.require("nbgrader")
    parts = handed.parts
    for i, part in enumerate(parts):
        if (found := EXCHANGED.fullmatch(part)) and handed.is_by(found[1]):
            names = [found[1], found[2]]
        elif handed.is_by(part) and len(parts) > i + 2:
            names = [part, parts[i + 1]]
        else:
            continue
        names.append(handed.parts[-1].rpartition(".")[0])
        if any(safe(name) != name for name in names):
            raise NoPlaceError("the names of its folders cannot be written everywhere")
        return Place(f"feedback/{'/'.join(names)}.html")
    raise NoPlaceError("it does not lie in submitted/<student>/<assignment>")


def github(handed: HandIn) -> Place:
    """A folder named like the repository; for files from elsewhere like the student's folder."""
    for part in handed.parts[:-1]:
        if part.casefold() == handed.student.casefold() or part.casefold().endswith(f"-{handed.student}".casefold()):
            return Place(f"{safe(part)}/feedback/{safe(handed.exercise)}.html")
    raise NoPlaceError("it does not lie in a folder of the student's")


PLACES: dict[str, Callable[[HandIn], Place]] = {
    "moodle": moodle,
    "canvas": canvas,
    "nbgrader": nbgrader,
    "github": github,
}
