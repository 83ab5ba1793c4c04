"""The zip that Gradescope takes: its two scripts, the grader, and of the course only the exercises that it grades.

The same input gives the same bytes: entries are sorted and bear one date.
"""

from __future__ import annotations

import io
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from grader.authoring.distribution import files_of, package_files, project, requirements
from grader.course.course import Course
from grader.course.exercise import Exercise
from grader.integrations.gradescope.assignment import Assignment

SCRIPTS = ("setup.sh", "run_autograder")
ASSIGNMENT, TORCH = "assignment.json", "torch.txt"
IMPORT = re.compile(r"^\s*(import|from) torch\b", re.MULTILINE)
EARLIEST = (1980, 1, 1, 0, 0, 0)  # that a zip can hold


def bundle(course: Course, assignment: Assignment, torch_index: str | None = None) -> bytes:
    """The autograder for an assignment. `torch_index`: where pip finds torch without gigabytes of CUDA."""
    here = Path(__file__).parent
    files = package_files()
    exercises = [course.exercise(part.name) for part in assignment.parts]
    for exercise in exercises:
        for path in (exercise.stub, *files_of(exercise.folder)):
            files[path.relative_to(course.root).as_posix()] = path.read_bytes()
    needed, torch = requirements()
    if any(imports_torch(exercise) for exercise in exercises):
        index = [f"--index-url {torch_index}"] if torch_index else []
        files[TORCH] = "\n".join([*index, *torch, ""]).encode()
    else:
        needed = [each for each in needed if each not in torch]
    files["pyproject.toml"] = project(files, needed).encode()
    files[ASSIGNMENT] = assignment.to_json().encode()
    for name in SCRIPTS:
        files[name] = (here / name).read_bytes().replace(b"\r\n", b"\n")  # as a checkout on Windows may have it
    return packed(files)


def imports_torch(exercise: Exercise) -> bool:
    """Whether its reference does, or any other of its files: a suite, a mistake."""
    texts = [path.read_text(encoding="utf-8") for path in files_of(exercise.folder) if path.suffix == ".py"]
    return "torch" in exercise.libraries or any(IMPORT.search(text) for text in texts)


def packed(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = ZipInfo(name, EARLIEST)
            entry.create_system = 3  # Unix: else the mode below means nothing
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = (stat.S_IFREG | (0o755 if name in SCRIPTS else 0o644)) << 16
            archive.writestr(entry, files[name])
    return buffer.getvalue()
