"""Whether what a server holds in memory is what a process that starts now would read.

Of each module that it has imported the file is looked at, of the packages that are installed their folder, and of each
suite whatever its digest is made of. Content could be read again to be sure, as it is of suites; of all modules that
takes longer than grading, so a file is told by its times, size and number, of which nobody sets the time of change.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from grader.course.course import Course
from grader.course.exercise import Exercise

SLACK = 50_000_000  # nanoseconds by which the file system's clock may be behind
PACKAGES = ("site-packages", "dist-packages")

Mark = tuple[int, int, int, int]


class Modules:
    """The files that this process's code came from, as they were when it was read."""

    def __init__(self) -> None:
        self._marks: dict[str, Mark | None] = {}

    def add(self, since: int, read: Iterable[Path] = ()) -> bool:
        """Takes in what was imported since the last time; False where one of them, or of the files that were `read`,
        was changed after `since`, in nanoseconds as `time.time_ns` has them: nobody knows what of it is in memory."""
        new = {path: mark(path) for path in places() if path not in self._marks}
        self._marks |= new
        seen = [*new.values(), *map(mark, map(str, read))]
        return all(each is None or max(each[:2]) < since - SLACK for each in seen)

    def are_unchanged(self) -> bool:
        return all(mark(path) == before for path, before in self._marks.items())


def places() -> Iterator[str]:
    yield sys.executable
    yield os.path.join(sys.prefix, "pyvenv.cfg")
    yield from (entry for entry in sys.path if os.path.basename(entry) in PACKAGES)
    for module in list(sys.modules.values()):
        path = getattr(module, "__file__", None)
        if isinstance(path, str) and os.path.isabs(path):  # that of a reference is a name only
            yield path


def mark(path: str) -> Mark | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino


def are_current(exercises: Iterable[Exercise]) -> bool:
    """Whether the suites of exercises are, byte by byte, what they were when they were collected."""
    courses: dict[str, Course] = {}
    for exercise in exercises:
        root = Course.of(exercise).root
        course = courses.setdefault(str(root), Course(root))
        if exercise.name not in course.names or course.exercise(exercise.name).digest != exercise.digest:
            return False
    return True
