"""Which of the files that were handed in answers which exercise, where one folder holds a student's: a repository, an
upload. What is not clear is told, not guessed; in which words is for the place to say where the files come from.

A file answers the exercise that it is named for, by the rules that `grade FOLDER` has for names. Of several a script
goes before a notebook, what is nearer to the top before what lies deeper, the plain name before a copy's. Where nothing
has the name, the only file that is named for no exercise is taken: a script where one exercise is asked for, a notebook
for any number of them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from grader.submissions.folder import File, Listing
from grader.submissions.layouts import Names
from grader.text import visible


@dataclass(frozen=True)
class Choice:
    """What is to be graded for an exercise. No file: nothing that was handed in answers it."""

    file: File | None = None
    others: tuple[File, ...] = ()  # answer it as well, and are not graded
    is_guess: bool = False  # the only file there is; it has another name


class Answers:
    """The files of a listing, by exercise. `names`: all exercises that a file may be named for."""

    def __init__(self, listing: Listing, names: Collection[str]) -> None:
        self.names = Names(names)
        self.by_exercise: dict[str, list[File]] = {}
        self.strays: list[File] = []  # named for no exercise
        for file in sorted(listing.files, key=self._order):
            match = self.names.match(file.stem)
            (self.by_exercise.setdefault(match[0], []) if match else self.strays).append(file)

    def _order(self, file: File) -> tuple[bool, int, int, Sequence[str]]:
        match = self.names.match(file.stem)
        return file.is_notebook, len(file.parts), match[1] if match else 0, file.parts

    def of(self, exercise: str, *, alone: bool) -> Choice:
        """`alone`: no other exercise is asked for."""
        if files := self.by_exercise.get(exercise):
            return Choice(files[0], tuple(files[1:]))
        scripts = [file for file in self.strays if not file.is_notebook]
        only = scripts if scripts else self.strays
        if len(only) == 1 and (alone or only[0].is_notebook):
            return Choice(only[0], is_guess=True)
        return Choice()

    def slip(self, exercise: str) -> File | None:
        """A file that was probably meant to answer it."""
        return next((file for file in self.strays if self.names.near(file.stem) == exercise), None)


def shown(file: File) -> str:
    return visible("/".join(file.parts))


def listed(files: Sequence[File], most: int) -> str:
    """The paths of files, so many of them."""
    more = f" and {len(files) - most} more" if len(files) > most else ""
    return ", ".join(map(shown, files[:most])) + more
