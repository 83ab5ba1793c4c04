"""The folder of a student edition: stubs, sealed exercises, the grader without a course, and how to use them."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from grader.authoring.distribution import files_of, package_files, project, requirements
from grader.course.course import SEALED, Course
from grader.course.sealed_file import SUFFIX, SealError

README = """\
# Exercises

Write your solution into a file of `exercises/`, in place of each `raise NotImplementedError`, and grade it:

```sh
python3 -m venv .venv && .venv/bin/pip install -q -e .
.venv/bin/grade exercises/{first}.py
```

Every run says what is right, what is wrong and, where it can be told, which mistake it is; a report with pictures is
written to `reports/`. `grade --watch exercises/{first}.py` grades again whenever you save. Notebooks do as well:
`grade week1.ipynb -e {first}`.

{table}

This edition is for learning. It holds the answers for a few seeds; your instructor grades with other inputs: what fits
only these earns nothing there.
"""
SCRIPTS = ["", "[project.scripts]", 'grade = "grader.cli.start:main"', 'grader = "grader.cli.grader:grader"']
ACTION = "action.yml"  # so that the edition can be the repository of an action for GitHub Classroom
IGNORED = "reports/\n.venv/\n__pycache__/\n*.egg-info/\n"
AUTHORS = "grader/authoring/templates/"  # of new exercises
OURS = ("exercises", SEALED, "grader")  # folders that are replaced as a whole
MARK = Path(SEALED)


def edition(course: Course, sealed: Mapping[str, bytes]) -> dict[str, bytes]:
    """Path → content of the edition with these exercises, each with its sealed file."""
    exercises = [course.exercise(name) for name in sealed]
    files = {name: data for name, data in package_files().items() if not name.startswith(AUTHORS)}
    needed, torch = requirements()
    if any("torch" in exercise.libraries for exercise in exercises):
        needed += torch
    action = course.root / ACTION
    if action.is_file():
        files[ACTION] = action.read_bytes()
    table = "\n".join(f"- `{exercise.name}`: {exercise.title}" for exercise in exercises)
    files["pyproject.toml"] = project(files, needed, SCRIPTS).encode()
    files["README.md"] = README.format(first=exercises[0].name, table=table).encode()
    files[".gitignore"] = IGNORED.encode()
    for exercise in exercises:
        files[f"exercises/{exercise.name}.py"] = exercise.stub.read_bytes()
        files[f"{SEALED}/{exercise.name}{SUFFIX}"] = sealed[exercise.name]
    return files


def check_target(folder: Path) -> None:
    """Raises SealError unless an edition may be written there: into a new folder, or over an earlier edition."""
    if folder.exists() and not folder.is_dir():
        raise SealError(f"{folder} is a file: name a folder for the edition.")
    if folder.is_dir() and (folder / "solutions").exists():
        raise SealError(f"{folder} holds solutions: name another folder for the edition.")
    if folder.is_dir() and not (folder / MARK).is_dir() and any(not hidden(path) for path in folder.iterdir()):
        raise SealError(f"{folder} is not empty and no earlier edition: name a new folder for the edition.")


def write(files: Mapping[str, bytes], folder: Path) -> None:
    """Writes an edition. What an earlier one had is replaced; hidden files, like .git, stay."""
    check_target(folder)
    for name in OURS:
        shutil.rmtree(folder / name, ignore_errors=True)
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def read(folder: Path) -> dict[str, bytes]:
    """The files of an edition that was written. Raises SealError where there is none."""
    if not (folder / MARK).is_dir():
        raise SealError(f"{folder} is no student edition: `grader pack -o {folder}` makes one.")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in visible(files_of(folder), folder)}


def visible(paths: Iterable[Path], folder: Path) -> list[Path]:
    return [path for path in paths if path.relative_to(folder).parts[0] not in ("reports", "dl_grader.egg-info")]


def hidden(path: Path) -> bool:
    return path.name.startswith(".")
