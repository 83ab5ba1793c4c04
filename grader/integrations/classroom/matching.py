"""Which file of a repository answers which exercise, for whoever pushed it (see grader.integrations.matching)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from grader.course.course import Course
from grader.integrations.matching import Answers, listed, shown
from grader.submissions.folder import Listing, list_folder, may_be_handed_in

SHOWN = 3  # files named in a message
PACKED = "an archive is not opened here: unpack it"


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
    refused: dict[str, str] = {}  # exercise → why its file was not taken; "": one that is named for none
    for path, reason in [*listing.problems, *((file.path, PACKED) for file in listing.zips)]:
        file = PurePath(path)
        match = answers.names.match(file.stem)
        if match or may_be_handed_in(file.name):
            refused.setdefault(match[0] if match else "", f"{file.name}: {reason}.")
    found = [name for name in course.names if name in answers.by_exercise or name in refused]
    return [answer(name, answers, refused, alone=len(wanted) == 1) for name in wanted or found]


def answer(name: str, answers: Answers, refused: Mapping[str, str], *, alone: bool) -> Answer:
    choice = answers.of(name, alone=alone)
    if choice.file is None or (choice.is_guess and name in refused):
        missing = f"{name}.py was not found in the repository. {advise(name, answers, refused.get('', ''))}"
        return Answer(name, reason=refused.get(name, missing))
    file, notes = choice.file, []
    if choice.is_guess and not file.is_notebook:
        notes.append(f"{shown(file)} was graded, the only file there is: name the file {name}.py.")
    elif not choice.is_guess and file.stem != name:
        notes.append(f"{shown(file)} was graded: name the file {name}.py.")
    if choice.others:
        notes.append(f"Not graded: {listed(choice.others, SHOWN)}. {shown(file)} goes first.")
    return Answer(name, PurePath(*file.parts), notes=tuple(notes))


def advise(name: str, answers: Answers, refused: str) -> str:
    """`refused`: why a file that is named for no exercise was not taken."""
    if slip := answers.slip(name):
        return f"There is {shown(slip)}: rename it to {name}.py."
    there = [f"There is {listed(answers.strays, SHOWN)}."] if answers.strays else []
    return " ".join([*there, *filter(None, [refused]), f"Add {name}.py, commit it and push."])


def without(listing: Listing, folder: Path) -> Listing:
    """The listing without a folder in it: a course that was checked out there is no submission."""
    if not folder.is_relative_to(listing.root) or folder == listing.root:
        return listing
    parts = folder.relative_to(listing.root).parts
    files = [file for file in listing.files if file.parts[: len(parts)] != parts]
    problems = [(path, reason) for path, reason in listing.problems if not PurePath(path).is_relative_to(folder)]
    zips = [file for file in listing.zips if file.parts[: len(parts)] != parts]
    return Listing(listing.root, is_folder=True, files=files, problems=problems, zips=zips)
