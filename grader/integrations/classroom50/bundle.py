"""The folder CLASSROOM/autograders/ASSIGNMENT: sealed exercises, the grader as a wheel, what to install, autograder.py.

Anybody can read what Classroom 50 serves, so nothing of a solution is in it. It is a student edition by its folders
`exercises` and `sealed`: `grader pack --check` looks through it.
"""

from __future__ import annotations

import io
import json
import sys
import tarfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import packages_distributions
from pathlib import Path

from grader.authoring.distribution import lock, package_files, requirements, wheel
from grader.authoring.student_edition.edition import AUTHORS
from grader.course.course import SEALED, Course
from grader.course.exercise import Exercise
from grader.course.sealed_file import SUFFIX
from grader.errors import GraderError
from grader.integrations.classroom50.autograder import REPORT as REPORT

PROGRAM, PLAN, LOCK = "autograder.py", "assignment.json", "requirements.txt"
PYTHON = f"{sys.version_info[0]}.{sys.version_info[1]}"
OURS = ("numpy", "torch")
UNUSED = ("pytest", "rich", "watchfiles")  # by who grades one file of a sealed exercise: for authors, classes, --watch
MAX_BYTES = 10 << 20  # that Classroom 50's runner takes, packed


class Classroom50Error(GraderError):
    """A folder that cannot be built, or a file of Classroom 50 that cannot be read. The message says what to do."""


@dataclass(frozen=True)
class Plan:
    """What autograder.py reads from assignment.json."""

    wheel: str
    python: str  # that the versions were recorded with
    torch: str  # the requirement; empty where no exercise needs it
    torch_index: str = ""
    timeout: float = 10.0  # seconds for a check
    deadline: float = 600.0  # seconds for all: the job is ended after 900, in which the runner has more to do
    options: Sequence[str] = ()  # of `grader classroom50 run`

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=2) + "\n"


def folder_files(
    course: Course,
    sealed: Mapping[str, bytes],
    *,
    timeout: float,
    deadline: float,
    options: Sequence[str],
    torch_index: str = "",
) -> dict[str, bytes]:
    """Path → content of all that goes into the folder."""
    exercises = [course.exercise(name) for name in sealed]
    needed, torch = needed_by(exercises)
    package = {name: data for name, data in package_files().items() if not name.startswith(AUTHORS)}
    name, grader = wheel(package, needed)
    pins = lock(needed)
    pinned = next((pin for pin in pins if pin.startswith("torch==")), "") if torch else ""
    plan = Plan(name, PYTHON, pinned, torch_index, timeout, deadline, options)
    files = {
        PROGRAM: package[f"grader/integrations/classroom50/{PROGRAM}"].replace(b"\r\n", b"\n"),
        PLAN: plan.to_json().encode(),
        LOCK: "\n".join([*pins, ""]).encode(),
        name: grader,
    }
    for exercise in exercises:
        files[f"exercises/{exercise.name}.py"] = exercise.stub.read_bytes()
        files[f"{SEALED}/{exercise.name}{SUFFIX}"] = sealed[exercise.name]
    return files


def needed_by(exercises: Collection[Exercise]) -> tuple[list[str], bool]:
    """What to install for the exercises: no torch where none of them needs it. And whether one does."""
    needed, torch = requirements()
    modules = {library.partition(".")[0] for exercise in exercises for library in exercise.libraries}
    kept = [each for each in needed if not each.startswith(UNUSED)] + (torch if "torch" in modules else [])
    known = packages_distributions()
    others = [known[module][0] for module in sorted(modules.difference(OURS)) if module in known]
    return [*kept, *others], "torch" in modules


def packed_size(files: Mapping[str, bytes]) -> int:
    """The bytes of the archive that Classroom 50 makes of the folder."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return len(buffer.getvalue())


def check_size(files: Mapping[str, bytes]) -> int:
    """The size, packed. Raises Classroom50Error where it is too large."""
    if (size := packed_size(files)) > MAX_BYTES:
        raise Classroom50Error(
            f"The folder has {size >> 10} KiB, packed, and Classroom 50 takes {MAX_BYTES >> 10}: name fewer exercises, "
            "or fewer --seeds."
        )
    return size


def runtime() -> str:
    """The assignment's runtime: the Python that the versions were locked with has wheels of all of them."""
    return json.dumps({"python": PYTHON})


def write(files: Mapping[str, bytes], folder: Path) -> None:
    """Writes the folder. What an earlier one had is replaced."""
    from grader.authoring.student_edition import edition

    for old in folder.glob("*.whl"):
        old.unlink()
    edition.write(files, folder)
