"""How a batch is going: a live line in a terminal, plain lines elsewhere; and what came of it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import click

from grader.report.findings import findings
from grader.text import one_line, points, visible

if TYPE_CHECKING:
    from grader.gradebook.store import Grade

SHOWN_OVERRIDES = 12
PLAIN_SECONDS = 10.0  # between two plain lines


class Display(Protocol):
    def advance(self, done: int, failures: int) -> None:
        """`done` of all submissions are graded or were before; `failures` could not be."""


@contextmanager
def display(total: int) -> Iterator[Display]:
    """Shows progress on stderr."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal or console.is_dumb_terminal:
        yield Plain(total)
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = [BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]:.0f}/s"), TimeRemainingColumn()]
    failures = TextColumn("[yellow]{task.fields[failures]}")
    with Progress(TextColumn("Grading"), *columns, failures, console=console, transient=True) as progress:
        yield Live(progress, progress.add_task("", total=total, rate=0.0, failures=""))


class Live:
    def __init__(self, progress: Any, task: Any) -> None:
        self._progress, self._task = progress, task
        self._start = time.monotonic()

    def advance(self, done: int, failures: int) -> None:
        rate = done / max(1e-3, time.monotonic() - self._start)
        told = f"{failures} could not be graded" if failures else ""
        self._progress.update(self._task, completed=done, rate=rate, failures=told)


class Plain:
    def __init__(self, total: int) -> None:
        self._total = total
        self._start = self._told = time.monotonic()

    def advance(self, done: int, failures: int) -> None:
        now = time.monotonic()
        if now - self._told < PLAIN_SECONDS:
            return
        self._told = now
        rate = done / (now - self._start)
        left = (self._total - done) / rate if rate else 0.0
        failed = f", {failures} could not be graded" if failures else ""
        click.echo(f"{done}/{self._total} graded, {rate:.1f}/s, {left:.0f} s left{failed}", err=True)


@dataclass
class Tally:
    """How the class did in one exercise."""

    scores: list[float] = field(default_factory=list)
    full: int = 0
    ungraded: int = 0
    unloaded: int = 0  # graded, and nothing of the file could be asked
    maximum: float = 0.0
    mistakes: Counter[str] = field(default_factory=Counter)  # title → students

    def add(self, grade: Grade) -> None:
        counts = grade.points
        if counts is None:
            self.ungraded += 1
            return
        self.scores.append(counts)
        self.unloaded += grade.status == "graded" and findings(grade.result).is_unloaded
        self.full += counts >= grade.max_score
        self.maximum = grade.max_score
        self.mistakes.update({mistake.title for mistake in grade.result.mistakes})


class Summary:
    """The class in a few lines an exercise. Keeps no grade, however many there are."""

    def __init__(self, grades: Iterable[Grade]) -> None:
        self.tallies: dict[str, Tally] = {}
        self.overridden: list[str] = []
        for grade in grades:
            self.tallies.setdefault(grade.exercise, Tally()).add(grade)
            if grade.told:
                self.overridden.append(one_line(f"{grade.name}, {grade.exercise}: {grade.told}"))

    @property
    def ungraded(self) -> int:
        return sum(tally.ungraded for tally in self.tallies.values())

    @property
    def full_marks(self) -> bool:
        return all(tally.full == len(tally.scores) for tally in self.tallies.values())

    def lines(self) -> Iterator[str]:
        for exercise, tally in sorted(self.tallies.items()):
            if not tally.scores:
                continue
            mean = points(sum(tally.scores) / len(tally.scores))
            maximum = points(tally.maximum)
            graded = f"{len(tally.scores):5} graded"
            yield f"  {exercise:22} {graded}   mean {mean:>6} / {maximum}   full marks {tally.full}"
            if tally.unloaded:
                yield click.style(f"  {'':22} could not be loaded: {tally.unloaded}", dim=True)
            for title, count in tally.mistakes.most_common(1):
                yield click.style(f"  {'':22} most common: {visible(title)} ({count})", dim=True)
        if self.overridden:
            yield "Overridden:"
        yield from (f"  {line}" for line in self.overridden[:SHOWN_OVERRIDES])
        if len(self.overridden) > SHOWN_OVERRIDES:
            yield f"  and {len(self.overridden) - SHOWN_OVERRIDES} more: `grader override --list`"
