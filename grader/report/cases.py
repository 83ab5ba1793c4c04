"""Who made a mistake, and the lines of each in which it shows: what a mistake's number on the page leads to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.report.excerpts import excerpt
from grader.report.statistics import MistakeStatistics

MOST_CODE = 12  # students of a mistake whose lines stand in the page; those of the others are in their reports


@dataclass(frozen=True)
class Shown:
    student: int  # number of the row in the table
    name: str
    report: str
    line: int | None
    first: int  # number of the first line of code
    code: tuple[str, ...]

    @property
    def anchor(self) -> str:
        """Where in the report it shows."""
        return f"#L{self.line}" if self.line else ""

    @property
    def marked(self) -> int:
        """Which of the lines it is, from 0."""
        return (self.line or 0) - self.first


def cases(
    mistake: MistakeStatistics, students: Mapping[str, tuple[int, str]], find: Callable[[str], Path]
) -> list[Shown]:
    """Everybody who made the mistake, by name. `students`: id → (number, name); `find`: a report → its file."""
    shown: list[Shown] = []
    for case in sorted(mistake.cases, key=lambda case: students[case.student][0]):
        number, name = students[case.student]
        first, code = excerpt(find(case.report), case.line) if case.report and len(shown) < MOST_CODE else (0, [])
        shown.append(Shown(number, name, case.report, case.line, first, tuple(code)))
    return shown
