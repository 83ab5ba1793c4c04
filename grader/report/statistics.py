"""Statistics of a class: how scores are spread, which checks tell students apart, which mistakes are common.

Everything is gathered in one pass, and what is kept of a result does not grow with what it says: a share for each
score, running moments for each check, a few messages and who made it for each mistake.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import sqrt
from statistics import fmean, quantiles
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.gradebook.store import Grade
    from grader.result import CheckResult, NamedMistake

BINS = 10
ROUNDING = 1e-6  # of a share: scores are written to six decimals, so less is no difference
CONSTANT = 1e-9  # a variance in squared points, relative to the mean's square, that is only rounding
MESSAGES = 50  # different ones kept of a mistake, to find the most common
_WORD = re.compile(r"[^\W_]+")
_LINE = re.compile(r" \(line \d+\)$")  # of a file that the reader of an example does not see


@dataclass(frozen=True)
class Distribution:
    """How scores are spread; all but the counts are shares of the points there are."""

    count: int
    mean: float
    lower: float  # quartile
    median: float
    upper: float  # quartile
    full: int  # how many have full marks
    bins: tuple[int, ...]  # from 0 to 1; the last one holds 1


def describe(shares: Sequence[float]) -> Distribution | None:
    """The distribution of scores from 0 to 1; None where there are none."""
    if not shares:
        return None
    bins = [0] * BINS
    for share in shares:
        bins[max(0, min(int(share * BINS + ROUNDING), BINS - 1))] += 1
    # "inclusive": the class is everyone there is, not a sample of a larger one
    lower, median, upper = quantiles(shares, n=4, method="inclusive") if len(shares) > 1 else [shares[0]] * 3
    full = sum(map(is_full, shares))
    return Distribution(len(shares), fmean(shares), lower, median, upper, full, tuple(bins))


def is_full(share: float) -> bool:
    """Whether a score is full marks."""
    return share >= 1 - ROUNDING


@dataclass(slots=True)
class Association:
    """The point-biserial correlation between passing a check and the score elsewhere, from running sums.

    r = (M₁ − M₀) / s · √(n₁ n₀) / n, with the means of those who passed and failed and the standard deviation of all.
    """

    passed: int = 0
    failed: int = 0
    sum_passed: float = 0.0
    sum_failed: float = 0.0
    squares: float = 0.0

    def add(self, passed: bool, rest: float) -> None:
        """Takes in a student's verdict and the points of the other checks."""
        if passed:
            self.passed += 1
            self.sum_passed += rest
        else:
            self.failed += 1
            self.sum_failed += rest
        self.squares += rest * rest

    @property
    def count(self) -> int:
        return self.passed + self.failed

    def coefficient(self) -> float | None:
        """From −1 to 1; None where it is undefined: all passed, all failed, or all have the same score elsewhere."""
        if not self.passed or not self.failed:
            return None
        mean = (self.sum_passed + self.sum_failed) / self.count
        variance = self.squares / self.count - mean * mean
        if variance <= CONSTANT * max(1.0, mean * mean):
            return None
        difference = self.sum_passed / self.passed - self.sum_failed / self.failed
        share = sqrt(self.passed * self.failed) / self.count
        return max(-1.0, min(1.0, difference / sqrt(variance) * share))


@dataclass
class CheckStatistics:
    title: str
    points: float
    association: Association = field(default_factory=Association)

    @property
    def failed(self) -> int:
        return self.association.failed

    @property
    def difficulty(self) -> float:
        """The share of students who failed it."""
        return self.failed / self.association.count if self.association.count else 0.0


@dataclass(frozen=True, slots=True)
class Case:
    """A student who made a mistake, and where it shows."""

    student: str
    report: str
    line: int | None  # of the student's own file


@dataclass
class MistakeStatistics:
    title: str
    explanation: str
    textbook: bool
    cases: list[Case] = field(default_factory=list)
    messages: Counter[tuple[str, str]] = field(default_factory=Counter)  # (title of the check, its message)

    @property
    def students(self) -> int:
        return len(self.cases)

    @property
    def example(self) -> tuple[str, str] | None:
        """The most common message of a failing check, with the check's title."""
        return self.messages.most_common(1)[0][0] if self.messages else None


class ExerciseStatistics:
    """What a class did in one exercise."""

    def __init__(self) -> None:
        self.shares = array("d")
        self.best = 0.0  # points there are
        self._checks: dict[str, CheckStatistics] = {}
        self._mistakes: dict[str, MistakeStatistics] = {}

    def add(self, grade: Grade, identity: Sequence[str] = ()) -> None:
        """Takes in one grade that has a score. `identity`: what tells who it is, where the grade does not say so."""
        self.best = max(self.best, grade.max_score)
        self.shares.append((grade.points or 0.0) / grade.max_score if grade.max_score > 0 else 1.0)
        checks = grade.result.checks
        total = sum([check.score for check in checks])
        for check in checks:
            statistics = self._checks.get(check.id)
            if statistics is None:
                statistics = CheckStatistics(check.title or check.id, check.max_score)
                self._checks[check.id] = statistics
            statistics.association.add(check.status == "passed", total - check.score)
        for mistake in grade.result.mistakes:
            self._add_mistake(mistake, [check for check in checks if check.id in mistake.checks], grade, identity)

    def _add_mistake(
        self, mistake: NamedMistake, checks: Sequence[CheckResult], grade: Grade, identity: Sequence[str]
    ) -> None:
        known = self._mistakes.get(mistake.id)
        if known is None:
            known = MistakeStatistics(mistake.title, mistake.explanation, mistake.textbook)
            self._mistakes[mistake.id] = known
        line = next((check.line for check in checks if check.line is not None), None)
        known.cases.append(Case(grade.student, grade.report, line))
        for check in checks:
            example = (check.title or check.id, _LINE.sub("", check.message))
            if example in known.messages:
                known.messages[example] += 1
            elif example[1] and len(known.messages) < MESSAGES:
                # What a student's own code raised is the student's own text: it may hold a name.
                file = grade.path.rpartition("/")[2]
                if not tells_who(example[1], identify(grade.exercise, grade.student, grade.name, file, *identity)):
                    known.messages[example] = 1

    def rank_checks(self) -> list[CheckStatistics]:
        """Those that most students failed come first."""
        return sorted(self._checks.values(), key=lambda check: -check.failed)

    def rank_mistakes(self) -> list[MistakeStatistics]:
        """The most common come first."""
        return sorted(self._mistakes.values(), key=lambda mistake: -mistake.students)


def identify(exercise: str, *names: str) -> frozenset[str]:
    """The words that tell whose a message is; those of the exercise and short numbers tell nothing."""
    words = {word for name in names for word in _WORD.findall(name.casefold())}
    common = {"py", "ipynb", *_WORD.findall(exercise.casefold())}
    return frozenset(word for word in words - common if len(word) > (4 if word.isdecimal() else 1))


def tells_who(message: str, identity: frozenset[str]) -> bool:
    """Whether a message holds a word of someone's identity; a long one also within another word."""
    folded = message.casefold()
    if not identity.isdisjoint(_WORD.findall(folded)):
        return True
    return any(len(word) > 3 and word in folded for word in identity)
