"""What came of one exercise in a student's repository."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from grader.result import CheckResult, NamedMistake, Result
from grader.text import points

FULL = 100.0  # points of an exercise that was not graded: `grader check` proves that all have as many
LINE = re.compile(r"\(line (\d{1,6})\)")


@dataclass(frozen=True)
class Outcome:
    """ "refused": there is no file that could be graded, which is for the student to mend. "fault": the grader failed,
    which is never the student's loss: no score is claimed."""

    exercise: str
    status: Literal["graded", "refused", "fault"]
    title: str = ""  # of the exercise
    file: str = ""  # that was graded, from the repository's top
    reason: str = ""  # why nothing was graded
    notes: tuple[str, ...] = ()  # which file was taken, where that needs saying
    result: Result | None = None  # where it was graded
    report: str = ""  # the HTML report
    asked: tuple[str, ...] = ()  # the titles of the checks, where there was no file to ask them

    @property
    def checks(self) -> tuple[CheckResult, ...]:
        return self.result.checks if self.result else ()

    @property
    def mistakes(self) -> tuple[NamedMistake, ...]:
        return self.result.mistakes if self.result else ()

    @property
    def score(self) -> float:
        return (self.result.score or 0.0) if self.result else 0.0

    @property
    def max_score(self) -> float:
        return self.result.max_score if self.result else FULL

    @property
    def line(self) -> str:
        """For a log."""
        if self.status != "graded":
            return f"{self.exercise}: not graded: {self.reason}"
        return f"{self.exercise}: {points(self.score)} / {points(self.max_score)} ({self.file})"

    def line_of(self, check: CheckResult) -> int:
        """The line of the student's file that a check speaks of; 0 where it speaks of none."""
        if not self.file.endswith(".py"):
            return 0  # a notebook's file has other lines than its cells
        told = LINE.findall(check.message)  # a student's own words come before ours
        return check.line or (int(told[-1]) if told else 0)
