"""Which file of a repository answers which exercise, for whoever pushed it (see grader.integrations.matching)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from grader.course.course import Course
from grader.integrations.matching import Answers, listed, shown
from grader.submissions.folder import Listing, list_folder

SHOWN = 3  # files named in a message


@dataclass(frozen=True)
class Answer:
    """The file that answers an exercise, or why there is none."""

    exercise: str
    file: PurePath | None = None  # from the repository's top
    reason: str = ""
    notes: tuple[str, ...] = ()


def find_answers(repository: Path, course: Course, wanted: Sequence[str]) -> list[Answer]:
    """One answer for each exercise that is wanted; where none is named, for each that a file is found of.

    Raises CourseError for an exercise that the course does not have, SubmissionError for a folder that cannot be read.
    """
    for name in wanted:
        course.exercise(name)
    listing = without(list_folder(repository.resolve()), course.root)
    answers = Answers(listing, course.names)
    refused: dict[str, str] = {}  # exercise → why its file was not taken
    for path, reason in listing.problems:
        if match := answers.names.match(PurePath(path).stem):
            refused.setdefault(match[0], f"{PurePath(path).name}: {reason}.")
    found = [name for name in course.names if name in answers.by_exercise or name in refused]
    return [answer(name, answers, refused.get(name), alone=len(wanted) == 1) for name in wanted or found]


def answer(name: str, answers: Answers, refused: str | None, *, alone: bool) -> Answer:
    choice = answers.of(name, alone=alone)
    if choice.file is None or (choice.is_guess and refused):
        return Answer(name, reason=refused or f"{name}.py was not found in the repository. {advise(name, answers)}")
    file, notes = choice.file, []
    if choice.is_guess and not file.is_notebook:
        notes.append(f"{shown(file)} was graded, the only file there is: name the file {name}.py.")
    elif not choice.is_guess and file.stem != name:
        notes.append(f"{shown(file)} was graded: name the file {name}.py.")
    if choice.others:
        notes.append(f"Not graded: {listed(choice.others, SHOWN)}. {shown(file)} goes first.")
    return Answer(name, PurePath(*file.parts), notes=tuple(notes))


def advise(name: str, answers: Answers) -> str:
    if slip := answers.slip(name):
        return f"There is {shown(slip)}: rename it to {name}.py."
    there = f"There is {listed(answers.strays, SHOWN)}. " if answers.strays else ""
    return f"{there}Add {name}.py, commit it and push."


def without(listing: Listing, folder: Path) -> Listing:
    """The listing without a folder in it: a course that was checked out there is no submission."""
    if not folder.is_relative_to(listing.root) or folder == listing.root:
        return listing
    parts = folder.relative_to(listing.root).parts
    files = [file for file in listing.files if file.parts[: len(parts)] != parts]
    problems = [(path, reason) for path, reason in listing.problems if not PurePath(path).is_relative_to(folder)]
    return Listing(listing.root, is_folder=True, files=files, problems=problems)
