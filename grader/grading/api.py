"""The public face of the package: a file or a text in, a Result out. Import it from `grader` itself.

    from grader import grade_file

    result = grade_file("softmax.py", seed=5)
    print(result.score, [mistake.title for mistake in result.mistakes])

The code that is graded runs in a confined process of its own, as with the command `grade`; nothing is written. What is
raised is a GraderError with a line for the reader, a TypeError for an argument of another type, or a ValueError for a
seed or limits that nothing can be graded with; a result whose status is "error" claims no score.
"""

from __future__ import annotations

import operator
import os
import secrets
import warnings
from pathlib import Path
from types import NoneType
from typing import SupportsIndex

from grader.course.course import Course, CourseError, built_in, is_course
from grader.grading.examiner import Grading
from grader.grading.settings import Settings
from grader.result import Result
from grader.sandbox.host import Hosts
from grader.sandbox.limits import Limits
from grader.submissions.submission import Submission, read, submission

MOST_SEED = 2**63 - 1  # that a gradebook can hold


def open_course(folder: str | os.PathLike[str] | None = None) -> Course:
    """The course in a folder, or the built-in one.

    To name a folder is to trust it: the suites of an open course are run here. Raises CourseError where there is none.
    """
    _expect("folder", folder, "a str or a Path", str, os.PathLike, NoneType)
    root = built_in() if folder is None else Path(folder)
    if root is None:
        raise CourseError("This grader was installed without a course: name the folder of one.")
    if not is_course(root):
        raise CourseError(f"{root} is not a course: it has no exercises/ with solutions/ beside it.")
    return Course(root)


def grade_file(
    path: str | os.PathLike[str],
    exercise: str | None = None,
    *,
    course: Course | None = None,
    seed: int | None = None,
    limits: Limits | None = None,
    must_confine: bool = False,
) -> Result:
    """Grades a .py or .ipynb file.

    `exercise`: by default the file's name without its ending. `seed`: what inputs are drawn from, by default another
    each time. `must_confine`: refuse to run where a wall of the sandbox is missing.

    Raises GraderError: SubmissionError for a file that cannot be read, CourseError for an unknown exercise, SuiteError
    for a fault in the exercise, SandboxError for one of this machine. TypeError for an argument of another type, and
    ValueError for a seed out of range.
    """
    _expect("path", path, "a str or a Path", str, os.PathLike)
    _expect("exercise", exercise, "a str", str, NoneType)
    return _grade(read(Path(path), exercise), course, seed, limits, must_confine)


def grade_source(
    source: str | bytes,
    exercise: str,
    *,
    name: str = "",
    student: str | None = None,
    course: Course | None = None,
    seed: int | None = None,
    limits: Limits | None = None,
    must_confine: bool = False,
) -> Result:
    """Grades the text of a file, or of a notebook where `name` ends in .ipynb. Otherwise as `grade_file`."""
    _expect("source", source, "the text of a file, as str or bytes", str, bytes)
    _expect("exercise", exercise, "a str", str)
    _expect("name", name, "a str", str)
    _expect("student", student, "a str", str, NoneType)
    data = source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source
    handed_in = submission(name or f"{exercise}.py", exercise, data, student)
    return _grade(handed_in, course, seed, limits, must_confine)


def _grade(
    handed_in: Submission, course: Course | None, seed: int | None, limits: Limits | None, must_confine: bool
) -> Result:
    _expect("course", course, "a Course: open_course(folder) gives one", Course, NoneType)
    _expect("limits", limits, "of the class Limits", Limits, NoneType)
    if seed is not None:
        _expect("seed", seed, "a whole number", SupportsIndex)
        seed = operator.index(seed)  # NumPy's numbers as well
        if not 0 <= seed <= MOST_SEED:
            raise ValueError(f"seed must be a whole number from 0 to {MOST_SEED}, not {seed}")
    course, limits = course or open_course(), limits or Limits()
    limits, less = limits.here()
    if less:
        warnings.warn(less, stacklevel=3)
    settings = Settings(course.seed(seed, secrets.randbits(32)), limits, must_confine)
    with Hosts() as hosts:
        (result,) = Grading(course, hosts).grade([handed_in], settings)
    return result


def _expect(name: str, value: object, kind: str, *types: type) -> None:
    """Raises TypeError for an argument of another type: else it would fail far from here, or cost the student marks."""
    if not isinstance(value, types):
        raise TypeError(f"{name} must be {kind}, not {type(value).__name__}")
