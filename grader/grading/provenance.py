"""Provenance of a result, beside source and suite: the code that judges, versions, the platform, the walls.

The gradebook keeps it with every result, as JSON, so that what changed since is found out and said
(grader.grading.regrading). Which code judges is nobody's to remember: it is the modules that grade and whatever they
import, by their own text.
"""

from __future__ import annotations

import functools
import hashlib
import json
import platform
import re
from importlib.metadata import PackageNotFoundError, version

from grader.course.course import PACKAGE
from grader.course.exercise import Exercise
from grader.errors import GraderError

# Where grading starts: what reads a submission, what judges it, what a worker runs, what a suite is given.
ROOTS = (
    "grader.submissions.submission",
    "grader.grading.examiner",
    "grader.grading.precompute",
    "grader.sandbox.worker.main",
    "grader.pytest_plugin",
)
IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+(grader[\w.]*)[ \t]+import[ \t]+(\([^)]*\)|.+)|import[ \t]+(grader\.[\w.]+))", re.MULTILINE
)
JUDGES_WITH = ("numpy", "msgpack", "pytest")  # what these modules import of others, torch apart


def circumstances(exercise: Exercise, must_confine: bool) -> str:
    """As JSON, the same text for the same circumstances."""
    found: dict[str, object] = {
        "asked": list(exercise.names),
        "grader": grading_digest(),
        "platform": f"{platform.system()} {platform.machine()}",
        "versions": versions(exercise.libraries),
        "walls": must_confine,
    }
    return json.dumps(found, separators=(",", ":"), sort_keys=True)


@functools.cache
def versions(libraries: tuple[str, ...]) -> dict[str, str]:
    """Of Python, and of each package that an exercise's results depend on."""
    found = {"python": platform.python_version()}
    for name in dict.fromkeys((*JUDGES_WITH, *(library for library in libraries if "." not in library))):
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # a student edition does without some
            continue
    return found


@functools.cache
def grading_digest() -> str:
    """Changes when the code that decides a score does."""
    content = hashlib.sha256()
    for name, source in sorted(judging_modules().items()):
        content.update(name.encode() + hashlib.sha256(source).digest())
    return content.hexdigest()[:16]


def judging_modules() -> dict[str, bytes]:
    """Module → source: those that grade, and what of the grader they import, wherever in their text."""
    found: dict[str, bytes] = {}
    waiting = list(ROOTS)
    while waiting:
        name = waiting.pop()
        if name in found or "." not in name:  # the package itself only leads to the commands
            continue
        path = PACKAGE.parent.joinpath(*name.split("."))
        path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        if not path.is_file():
            continue
        found[name] = path.read_bytes()
        waiting.append(name.rpartition(".")[0])
        for module, names, whole in IMPORT.findall(found[name].decode()):
            waiting += [module or whole, *(f"{module}.{each}" for each in re.findall(r"\w+", names))]
    if not found:
        raise GraderError(f"{PACKAGE} holds no source: install the grader with it.")
    return found
