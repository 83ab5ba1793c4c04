"""Which file of a repository answers which exercise, by the rules that `grade FOLDER` has for names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from grader.course.course import Course
from grader.submissions.folder import File, Listing, list_folder
from grader.submissions.layouts import Names
from grader.text import visible

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
    search = Search(repository.resolve(), course)
    return [search.answer(name, alone=len(wanted) == 1) for name in wanted or search.found()]


class Search:
    def __init__(self, repository: Path, course: Course) -> None:
        self.names = Names(course.names)
        self.course_names = course.names
        self.listing = without(list_folder(repository), course.root)
        # What is nearest to the repository's top comes first.
        self.files = sorted(self.listing.files, key=lambda file: (len(file.parts), file.parts))
        self.strays = [file for file in self.files if self.exercise_of(file.stem) is None]

    def exercise_of(self, stem: str) -> str | None:
        match = self.names.match(stem)
        return match[0] if match else None

    def found(self) -> list[str]:
        stems = [file.stem for file in self.files] + [PurePath(path).stem for path, _ in self.listing.problems]
        found = {self.exercise_of(stem) for stem in stems}
        return [name for name in self.course_names if name in found]

    def answer(self, name: str, *, alone: bool) -> Answer:
        """`alone`: no other exercise is asked for."""
        files = [file for file in self.files if self.exercise_of(file.stem) == name]
        files.sort(key=lambda file: (file.is_notebook, file.stem != name))
        if files:
            file, *others = files
            notes = [f"{shown(file)} was graded: name the file {name}.py."] if file.stem != name else []
            notes += [f"Not graded: {list_files(others)}. {shown(file)} goes first."] if others else []
            return Answer(name, PurePath(*file.parts), notes=tuple(notes))
        for path, reason in self.listing.problems:
            if self.exercise_of(PurePath(path).stem) == name:
                return Answer(name, reason=f"{PurePath(path).name}: {reason}.")
        if len(self.strays) == 1 and (alone or self.strays[0].is_notebook):
            (file,) = self.strays
            note = f"{shown(file)} was graded, the only file there is: name the file {name}.py."
            return Answer(name, PurePath(*file.parts), notes=() if file.is_notebook else (note,))
        return Answer(name, reason=f"{name}.py was not found in the repository. {self.advise(name)}")

    def advise(self, name: str) -> str:
        for file in self.strays:
            if self.names.near(file.stem) == name:
                return f"There is {shown(file)}: rename it to {name}.py."
        there = f"There is {list_files(self.strays)}. " if self.strays else ""
        return f"{there}Add {name}.py, commit it and push."


def without(listing: Listing, folder: Path) -> Listing:
    """The listing without a folder in it: a course that was checked out there is no submission."""
    if not folder.is_relative_to(listing.root) or folder == listing.root:
        return listing
    parts = folder.relative_to(listing.root).parts
    files = [file for file in listing.files if file.parts[: len(parts)] != parts]
    problems = [(path, reason) for path, reason in listing.problems if not PurePath(path).is_relative_to(folder)]
    return Listing(listing.root, is_folder=True, files=files, problems=problems)


def shown(file: File) -> str:
    return visible("/".join(file.parts))


def list_files(files: Sequence[File]) -> str:
    more = f" and {len(files) - SHOWN} more" if len(files) > SHOWN else ""
    return ", ".join(map(shown, files[:SHOWN])) + more
