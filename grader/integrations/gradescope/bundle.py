"""The zip that Gradescope takes: its two scripts, the grader, and of the course only the exercises that it grades."""

from __future__ import annotations

from pathlib import Path

from grader.authoring.distribution import files_of, imports_torch, package_files, project, requirements, zipped
from grader.course.course import Course
from grader.integrations.gradescope.assignment import Assignment

SCRIPTS = ("setup.sh", "run_autograder")
ASSIGNMENT, TORCH = "assignment.json", "torch.txt"


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
        needed += torch
    files["pyproject.toml"] = project(files, needed).encode()
    files[ASSIGNMENT] = assignment.to_json().encode()
    for name in SCRIPTS:
        files[name] = (here / name).read_bytes().replace(b"\r\n", b"\n")  # as a checkout on Windows may have it
    return zipped(files, SCRIPTS)
