"""The zip that Gradescope takes: its two scripts, the grader, and of the course only the exercises that it grades.

The same input gives the same bytes: entries are sorted and bear one date.
"""

from __future__ import annotations

import io
import json
import re
import stat
from collections.abc import Iterator, Mapping
from importlib.metadata import metadata, requires
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from grader.course import PACKAGE, Course
from grader.gradescope.assignment import Assignment

DISTRIBUTION = "dl-grader"
SCRIPTS = ("setup.sh", "run_autograder")
ASSIGNMENT, TORCH = "assignment.json", "torch.txt"
BUILT_IN = "grader/builtin/"  # a whole course, where the grader was installed from a package
EARLIEST = (1980, 1, 1, 0, 0, 0)  # that a zip can hold


def bundle(course: Course, assignment: Assignment, torch_index: str | None = None) -> bytes:
    """The autograder for an assignment. `torch_index`: where pip finds torch without gigabytes of CUDA."""
    here = Path(__file__).parent
    ours = {f"grader/{path.relative_to(PACKAGE).as_posix()}": path for path in files_of(PACKAGE)}
    files = {name: path.read_bytes() for name, path in ours.items() if not name.startswith(BUILT_IN)}
    sources = []
    for part in assignment.parts:
        exercise = course.exercise(part.name)
        for path in (exercise.stub, *files_of(exercise.folder)):
            files[path.relative_to(course.root).as_posix()] = path.read_bytes()
            sources.append(path)
    requirements = [each for each in requires(DISTRIBUTION) or () if "extra ==" not in each]
    torch = [each for each in requirements if re.match(r"torch\b", each)]
    if any(imports_torch(path) for path in sources):
        index = [f"--index-url {torch_index}"] if torch_index else []
        files[TORCH] = "\n".join([*index, *torch, ""]).encode()
    else:
        requirements = [each for each in requirements if each not in torch]
    files["pyproject.toml"] = project(files, requirements).encode()
    files[ASSIGNMENT] = assignment.to_json().encode()
    for name in SCRIPTS:
        files[name] = (here / name).read_bytes().replace(b"\r\n", b"\n")  # as a checkout on Windows may have it
    return packed(files)


def files_of(folder: Path) -> Iterator[Path]:
    """The files below a folder that are its source: nothing made, nothing hidden."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and not any(part.startswith((".", "__pycache__")) for part in parts):
            yield path


def imports_torch(path: Path) -> bool:
    text = path.read_text(encoding="utf-8") if path.suffix == ".py" else ""
    return re.search(r"^\s*(import|from) torch\b", text, re.MULTILINE) is not None


def project(files: Mapping[str, bytes], requirements: list[str]) -> str:
    """A pyproject.toml with which pip installs the grader, without a course and without what only tests need."""
    ours = metadata(DISTRIBUTION)
    packages = sorted(path.removesuffix("/__init__.py").replace("/", ".") for path in files if is_package(path))
    data = sorted(path.removeprefix("grader/") for path in files if is_data(path))
    return "\n".join(
        [
            "[build-system]",
            'requires = ["setuptools>=77"]',
            'build-backend = "setuptools.build_meta"',
            "",
            "[project]",
            f"name = {json.dumps(DISTRIBUTION)}",
            f"version = {json.dumps(ours['Version'])}",
            f"requires-python = {json.dumps(ours['Requires-Python'])}",
            f"dependencies = {json.dumps(requirements)}",
            "",
            "[tool.setuptools]",
            f"packages = {json.dumps(packages)}",
            "",
            "[tool.setuptools.package-data]",
            f"grader = {json.dumps(data)}",
            "",
        ]
    )


def is_package(path: str) -> bool:
    return path.startswith("grader/") and path.endswith("/__init__.py")


def is_data(path: str) -> bool:
    return path.startswith("grader/") and not path.endswith(".py")


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
