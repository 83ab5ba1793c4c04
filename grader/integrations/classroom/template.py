"""A template repository for an assignment: the workflow, and the stubs."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from grader.course.course import Course
from grader.integrations.classroom.runner import ClassroomError

WORKFLOW = Path(".github", "workflows", "classroom.yml")
STEP = "grade"  # only letters and digits: the reporter misreports errors of other ids
TEXT = """\
name: Autograding Tests # this name and the job's are how GitHub Classroom finds the points
on:
  push:
  workflow_dispatch:
  repository_dispatch:
permissions: {{}}
concurrency: # of two pushes the later one counts
  group: ${{{{ github.workflow }}}}-${{{{ github.ref }}}}
  cancel-in-progress: true
jobs:
  run-autograding-tests:
    name: run-autograding-tests
    runs-on: ubuntu-latest
    timeout-minutes: 15
    if: github.actor != 'github-classroom[bot]'
    permissions:
      contents: read # of this repository, to check it out
    steps:
      - name: Checkout code
        uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          persist-credentials: false
      - name: Grade
        id: {step}
        uses: {repository}@{ref}
        with:
          exercises: {exercises}
      - name: Autograding Reporter
        if: always()
        uses: classroom-resources/autograding-grading-reporter@d13b5912daf5042ac1b71bc38bdb4a6bcd61d8ca # v1
        env:
          {variable}: "${{{{ steps.{step}.outputs.result }}}}"
        with:
          runners: {step}
"""


def workflow(exercises: Sequence[str], repository: str, ref: str) -> str:
    """The text of the workflow. Raises ClassroomError for names that GitHub does not have."""
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", repository, re.ASCII):
        raise ClassroomError(f"'{repository}' is no repository: name it as OWNER/REPO.")
    if not re.fullmatch(r"[\w][\w./-]*", ref, re.ASCII):
        raise ClassroomError(f"'{ref}' is no ref: name a branch, a tag or a commit.")
    return TEXT.format(
        step=STEP, variable=f"{STEP.upper()}_RESULTS", repository=repository, ref=ref, exercises=" ".join(exercises)
    )


def write_template(
    folder: Path, course: Course, names: Sequence[str], repository: str, ref: str, *, force: bool
) -> Iterator[str]:
    """Writes the workflow, then the stubs that are not there; tells each file. Raises ClassroomError, CourseError.

    `force` is for the workflow alone: a stub that is there may be somebody's work.
    """
    exercises = [course.exercise(name) for name in names or present(folder, course) or course.names]
    text = workflow([exercise.name for exercise in exercises], repository, ref)
    path = folder / WORKFLOW
    if link := next((each for each in (path, path.parent, path.parent.parent) if each.is_symlink()), None):
        raise ClassroomError(f"{link} is a link: put the file or folder itself there.")
    if path.exists() and path.read_text(encoding="utf-8", errors="replace") != text and not force:
        raise ClassroomError(f"{path} is there already and differs: --force overwrites it.")
    write(path, text)
    yield f"{path}: grades {', '.join(exercise.name for exercise in exercises)}"
    for exercise in exercises:
        stub = folder / f"{exercise.name}.py"
        if os.path.lexists(stub):  # nothing is written through a link that leads nowhere
            yield f"{stub}: there already, left as it is"
        else:
            write(stub, exercise.stub.read_text(encoding="utf-8"))
            yield f"{stub}: the stub"


def present(folder: Path, course: Course) -> list[str]:
    """The exercises that the folder has a file of."""
    return [name for name in course.names if (folder / f"{name}.py").exists()]


def write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise ClassroomError(f"{path} cannot be written: {error.strerror}.") from None


def origin(course: Course) -> str:
    """OWNER/REPO on GitHub that the course was cloned from. Raises ClassroomError where it cannot be told."""
    config = course.root / ".git" / "config"
    text = config.read_text(encoding="utf-8", errors="replace") if config.is_file() else ""
    section = re.search(r'^\[remote "origin"\][^\[]*', text, re.MULTILINE)
    found = re.search(
        r"\burl\s*=.*\bgithub\.com[:/]([\w.-]+/[\w.-]+?)(?:\.git)?/?\s*$", section[0] if section else "", re.MULTILINE
    )
    if not found:
        raise ClassroomError("Name the repository that holds the course and action.yml: --repository OWNER/REPO.")
    return found[1]
