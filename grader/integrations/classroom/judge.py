"""Grading one file by a `grade` of its own: a process that may crash or hang, and takes nothing else with it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePath

from grader.course.course import Course
from grader.errors import GraderError
from grader.integrations.classroom.escape import one_line
from grader.integrations.classroom.matching import Answer
from grader.integrations.classroom.outcome import Outcome
from grader.integrations.grade_process import GRADE, REPORTS, grade
from grader.result import Result
from grader.submissions.reading import read_below
from grader.submissions.submission import LIMITS, SubmissionError

PATIENCE = 240.0  # seconds for a start, a submission's own 120 s and the naming of mistakes: longer is a fault of ours
MAX_REASON = 600  # characters


class JudgeError(GraderError):
    """The grader failed on one file, and never through a fault of that file."""


@dataclass(frozen=True)
class Judge:
    repository: Path
    course: Course
    check_seconds: float
    program: Sequence[str] = GRADE
    patience: float = PATIENCE
    options: Sequence[str] = ()  # of `grade`, beside those below

    def judge(self, answer: Answer) -> Outcome:
        """What comes of an exercise. Never raises for what concerns one alone."""
        title = self.course.exercise(answer.exercise).title
        if answer.file is None:
            return self.refuse(answer, answer.reason)
        file, notes = answer.file.as_posix(), (*answer.notes, *filter(None, [self.course.caveat]))
        try:
            with tempfile.TemporaryDirectory(prefix="grader-", ignore_cleanup_errors=True) as folder:
                copy = self.copy(answer.file, Path(folder, "repository"))
                result, said = self.grade(answer.exercise, copy, Path(folder))
                top = f"{folder}{os.sep}repository{os.sep}"
                pages = [page.read_text(encoding="utf-8") for page in Path(folder, REPORTS).glob("*.html")]
        except SubmissionError as error:
            return self.refuse(answer, str(error), file, notes)
        except JudgeError as error:
            return Outcome(answer.exercise, "fault", title, file, str(error))
        except Exception as error:
            return Outcome(answer.exercise, "fault", title, file, f"{type(error).__name__}: {error}")
        if result is None:
            return self.refuse(answer, said.replace(top, ""), file, notes)
        if result.status != "graded":
            return Outcome(answer.exercise, "fault", title, file, result.error or said.replace(top, ""), notes)
        return Outcome(
            answer.exercise, "graded", title, file, notes=notes, result=result, report="".join(pages).replace(top, "")
        )

    def refuse(self, answer: Answer, reason: str, file: str = "", notes: tuple[str, ...] = ()) -> Outcome:
        """Where there is no file that could be graded, which loses all checks."""
        exercise = self.course.exercise(answer.exercise)
        asked: list[str] = []
        with suppress(Exception):  # a suite that cannot be read is told where there is something to grade
            asked = [check.title or check.id for check in exercise.answer_key().checks]
        return Outcome(exercise.name, "refused", exercise.title, file, reason, notes, asked=tuple(asked))

    def copy(self, file: PurePath, folder: Path) -> Path:
        """A copy of a file of the repository, where no folder above it is the student's. Raises SubmissionError."""
        data = read_below(self.repository, file.parts, file.as_posix(), LIMITS[file.suffix.lower()])
        target = folder / file
        target.parent.mkdir(parents=True)
        target.write_bytes(data)
        return target

    def grade(self, exercise: str, file: Path, folder: Path) -> tuple[Result | None, str]:
        """The result and what was said on stderr; no result for a file that `grade` does not take, a SubmissionError.

        `grade` writes the results it has, even none, after files that it does not take; after a fault it writes
        nothing. Raises JudgeError then.
        """
        options = ["--exercise", exercise, "--course", str(self.course.root), "--timeout", str(self.check_seconds)]
        seconds = self.patience + self.check_seconds
        # What is printed may be a student's text and goes nowhere: a runner would look for commands in it.
        ended = grade([file], folder, [*options, "--quiet", *self.options], seconds=seconds, program=self.program)
        said = reason_in(ended.stderr)
        if ended.status is None:
            raise JudgeError(f"grading took longer than {seconds:g} s")
        if ended.results is None:
            raise JudgeError(said or f"the grader ended with status {ended.status} and said nothing")
        return (ended.results[0], said) if ended.results else (None, said)


def reason_in(said: str) -> str:
    """The error among what a command said, without "Error:"; its last line where it says none."""
    lines = [line for line in said.splitlines() if line.strip()]
    errors = [line.removeprefix("Error: ") for line in lines if line.startswith("Error: ")]
    return one_line((errors or lines or [""])[-1], MAX_REASON)
