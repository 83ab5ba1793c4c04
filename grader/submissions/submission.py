"""Submissions as they come in: a file → which exercise it answers, and its bytes."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from grader.submissions.reading import MAX_NOTEBOOK, MAX_SOURCE, SubmissionError, open_named, read_limited

__all__ = ["LIMITS", "MAX_NOTEBOOK", "MAX_SOURCE", "Submission", "SubmissionError", "answers", "read", "submission"]

DEFINED = re.compile(r"^(?:async\s+)?(?:def|class)\s+(\w+)", re.MULTILINE)
ASSIGNED = re.compile(r"^(\w+)[ \t]*(?::[^=\n]*)?=(?!=)", re.MULTILINE)
LIMITS = {".py": MAX_SOURCE, ".ipynb": MAX_NOTEBOOK}


@dataclass(frozen=True)
class Submission:
    path: str  # as the user named it
    exercise: str
    source: bytes  # of a notebook: its code cells as one text
    student: str | None = None
    cells: tuple[int, ...] = ()  # the first line of each code cell of a notebook

    @property
    def filename(self) -> str:
        """What the student's file is called in messages and tracebacks."""
        return f"{self.exercise}.ipynb" if self.cells else f"{self.exercise}.py"


def read(path: Path, exercise: str | None = None) -> Submission:
    """The submission in a file; its exercise is the file's stem unless named. Raises SubmissionError."""
    if path.is_dir():
        raise SubmissionError(f"{path} is a folder: name the files in it.")
    if not path.exists() and not path.is_symlink():
        raise SubmissionError(f"{path} does not exist.{meant(path)}")
    limit = LIMITS.get(path.suffix.lower())
    if limit is None:
        raise SubmissionError(f"{path} is not a .py or .ipynb file.")
    with open_named(path) as file:
        data = read_limited(file, str(path), limit)
    return submission(str(path), exercise or path.stem, data)


def meant(path: Path) -> str:
    """The file that may have been meant by the name of one that is not there: beside it, or among the exercises."""
    for folder in (path.parent, path.parent / "exercises"):
        there = {each.stem: each for each in folder.glob("*") if each.suffix.lower() in LIMITS}
        if near := difflib.get_close_matches(path.stem, there, n=1, cutoff=0.75):
            return f" Did you mean {there[near[0]]}?"
    return ""


def submission(path: str, exercise: str, data: bytes, student: str | None = None) -> Submission:
    """The submission in the bytes of a file, which its name tells to be a notebook or not. Raises SubmissionError."""
    if not path.lower().endswith(".ipynb"):
        return Submission(path, exercise, data, student)
    from grader.submissions.notebook import flatten

    source, cells = flatten(data, path)
    return Submission(path, exercise, source, student, cells)


def answers(whole: Submission, names: Mapping[str, Iterable[str]]) -> list[Submission]:
    """A notebook as one submission to each exercise of which it defines something.

    `names`: exercise → what it asks for. Raises SubmissionError where the notebook answers none.
    """
    text = whole.source.decode("utf-8", "replace")
    defined, assigned = set(DEFINED.findall(text)), set(ASSIGNED.findall(text))
    found = [
        replace(whole, exercise=name)
        for name, asked in names.items()
        # Any demo may have a variable called `accuracy`: variables answer what asks for nothing else that is missing.
        if not defined.isdisjoint(asked) or (asked and defined | assigned >= set(asked))
    ]
    if not found:
        raise SubmissionError(f"{whole.path} defines nothing that an exercise asks for: name the exercise with -e.")
    return found
