"""The grader itself as files to pass on, without a course: into an autograder's zip, into a student edition."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import metadata, requires
from pathlib import Path

from grader.course.course import PACKAGE

DISTRIBUTION = "dl-grader"
BUILT_IN = "grader/builtin/"  # a whole course, where the grader was installed from a package


def package_files() -> dict[str, bytes]:
    """Path → content of all that the package needs to run."""
    ours = {f"grader/{path.relative_to(PACKAGE).as_posix()}": path for path in files_of(PACKAGE)}
    return {name: path.read_bytes() for name, path in ours.items() if not name.startswith(BUILT_IN)}


def files_of(folder: Path) -> Iterator[Path]:
    """The files below a folder, or the one file, that are its source: nothing made, nothing hidden."""
    if folder.is_file():
        yield folder
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and not any(part.startswith((".", "__pycache__")) for part in parts):
            yield path


def requirements() -> tuple[list[str], list[str]]:
    """(what the grader needs, those of them that are torch)."""
    needed = [each for each in requires(DISTRIBUTION) or () if "extra ==" not in each]
    return needed, [each for each in needed if re.match(r"torch\b", each)]


def project(files: Mapping[str, bytes], dependencies: Sequence[str], more: Sequence[str] = ()) -> str:
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
            f"dependencies = {json.dumps(list(dependencies))}",
            *more,
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
