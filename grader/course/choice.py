"""Which course grades: the one that is named, else one in or above the working folder that is allowed to, else the one
that ships with the grader.

A course is code that runs as whoever grades, or at least decides the score; what a student hands in may hold folders
of the same names. So nothing above a submission is ever looked at, and a course that is found from the working folder
counts only

- where it came with the grader: the folder that it runs from, or was installed from (not in CI);
- where the user trusts it (grader.course.trust);
- where it is sealed (grader.authoring.student_edition), as no code of that runs here: but not in CI, nor for a whole
  class.

One that does not count is passed over, with a line that says how to allow it, and the search goes on above it.
"""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

from grader.course.config import ConfigurationError, course_named_in
from grader.course.course import PACKAGE, Course, CourseError, built_in, is_course

VARIABLE = "GRADER_COURSE"


def find_course(given: Path | None, *, batch: bool = False, meant: bool = False, say: bool = True) -> Course:
    """The course to work with. `batch`: for a whole class. Raises CourseError where there is none.

    `meant`: the command is about the course itself. One that is at hand and does not count is an error then, as another
    in its place would be wrong; else `say` tells it on stderr.
    """
    if (named := named_course(given)) is not None:
        if not is_course(named):
            raise CourseError(f"{named} is not a course: it needs the folders exercises/ and solutions/ (or sealed/).")
        return Course(real(named))
    course, passed_over = course_at_hand(batch=batch)
    ours = built_in()
    if course is None and ours is not None:
        course = Course(ours)
    if course is None or (meant and passed_over):
        raise CourseError(
            passed_over
            or "No course found: name one with --course DIR (a folder with exercises/ and solutions/), or by the "
            f"environment variable {VARIABLE}."
        )
    if passed_over and say:
        print(f"Note: {passed_over}", file=sys.stderr)
    return course


def named_course(given: Path | None) -> Path | None:
    """The folder that an option or the environment names. Raises CourseError for a relative one in the environment."""
    named = os.environ.get(VARIABLE)
    if given is not None or not named:
        return given
    if not os.path.isabs(named):  # it would name another folder wherever the grader is started
        raise CourseError(f"{VARIABLE} must be an absolute path, not '{named}'.")
    return Path(named)


def course_at_hand(*, batch: bool = False) -> tuple[Course | None, str]:
    """The nearest course that counts, from the working folder upwards, there or named by a pyproject.toml.

    And of what was passed over before it the first, with the reason and what to do; empty where nothing was.
    """
    passed_over = ""
    for folder in working_folders():
        course, reason = course_of(folder, batch)
        if reason:
            from grader.text import one_line

            passed_over = passed_over or one_line(reason)
        elif course is not None:
            return course, passed_over
    return None, passed_over


def course_of(folder: Path, batch: bool) -> tuple[Course | None, str]:
    """The course in a folder, or the one that its pyproject.toml names, and why it does not count."""
    if is_course(folder):
        course = Course(real(folder))
        return course, objection(course, batch)
    try:
        named = course_named_in(folder)
    except ConfigurationError as error:
        return None, str(error)
    if named is None:
        return None, ""
    if not is_course(named):
        return None, f"{folder / 'pyproject.toml'} names {named}, which is not a course. Name one with --course."
    return Course(named), objection(Course(named), batch)


def objection(course: Course, batch: bool) -> str:
    """Why a course that nobody named does not count; empty where it does."""
    if course.root == built_in() or (course.is_sealed and not batch and not in_ci()):
        return ""
    from grader.course.trust import doubt

    reason = doubt(course.root)
    if not reason or (not in_ci() and is_origin(course.root)):
        return ""
    place = shlex.quote(str(course.root))
    if course.is_sealed:
        what = f"{course.root} is a student edition: in CI and for a whole class it counts only where it is named"
    else:
        what = f"{course.root} is a course, but {reason}, so none of its code was run"
    return f"{what}. `grader trust {place}` allows it, --course {place} does once."


def is_origin(folder: Path) -> bool:
    """Whether this grader was installed from a folder, as it is now: pip has run its code already.

    A folder that took its place later has a younger pyproject.toml than the installation.
    """
    import json
    from importlib.metadata import distributions
    from urllib.parse import urlsplit
    from urllib.request import url2pathname

    try:
        for found in distributions(name="dl-grader", path=[str(PACKAGE.parent)]):  # nowhere else on Python's path
            record = next(file for file in found.files or () if file.name == "direct_url.json")
            url = urlsplit(json.loads(record.read_text())["url"])
            if url.scheme == "file" and real(Path(url2pathname(url.path))) == folder:
                installed = os.stat(record.locate()).st_ctime_ns
                return os.stat(folder / "pyproject.toml").st_ctime_ns <= installed
    except (OSError, ValueError, LookupError, TypeError, StopIteration):
        pass
    return False


def in_ci() -> bool:
    """Whether this runs for others, on what somebody pushed."""
    return os.environ.get("CI", "").lower() not in ("", "0", "false")


def working_folders() -> list[Path]:
    """The working folder and those above it; none where it was removed."""
    try:
        here = Path.cwd()
    except OSError:
        return []
    return [here, *here.parents]


def real(folder: Path) -> Path:
    return Path(os.path.realpath(folder))
