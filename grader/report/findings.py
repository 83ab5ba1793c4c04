"""What is told of a result, and in which order: the cause first, what failed alike once, what passed in one line.

A view of a Result. The terminal, the page, the notebook and the summaries of other places typeset it; none of them
decides what is said.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from grader.result import Cause, CheckResult, NamedMistake, Result
from grader.text import count, points

FEW = 3  # checks that failed alike whose titles are told with what they say


@dataclass(frozen=True)
class Group:
    """Checks that failed in the same way: one in most cases."""

    checks: tuple[CheckResult, ...]

    @property
    def first(self) -> CheckResult:
        return self.checks[0]

    @property
    def score(self) -> float:
        return sum(check.score for check in self.checks)

    @property
    def max_score(self) -> float:
        return sum(check.max_score for check in self.checks)

    @property
    def worth(self) -> str:
        """What was got of what they are worth."""
        return f"{points(self.score)}/{points(self.max_score)}"

    @property
    def alike(self) -> str:
        """That there are several; "" for one."""
        return f"the same in {len(self.checks)} checks" if len(self.checks) > 1 else ""

    @property
    def titles(self) -> tuple[str, ...]:
        """Of a few; many are told by their number."""
        return tuple(check.title or check.id for check in self.checks) if len(self.checks) <= FEW else ()

    @property
    def told(self) -> str:
        """In one line."""
        message = " ".join(self.first.message.split())
        return f"{message} ({self.alike})" if self.alike else message


@dataclass(frozen=True)
class Findings:
    causes: tuple[Cause, ...]
    mistakes: tuple[NamedMistake, ...]
    groups: tuple[Group, ...]  # of checks that failed
    not_run: tuple[Group, ...]
    passed: tuple[CheckResult, ...]

    @property
    def passed_in_short(self) -> str:
        """The passed checks in one line."""
        return f"{count(len(self.passed), 'check')} passed" if self.passed else ""

    @property
    def is_unloaded(self) -> bool:
        """Whether there was nothing to ask, for a cause that is told."""
        return bool(self.causes and self.not_run) and not self.groups and not self.passed

    @property
    def headline(self) -> str:
        """What went wrong, in one line; "" where nothing did."""
        if self.causes:
            return told(self.causes[0])
        if self.mistakes:
            return "; ".join(mistake.title for mistake in self.mistakes)
        groups = self.groups or self.not_run
        dearest = max(groups, key=lambda group: group.max_score - group.score, default=None)
        return "" if dearest is None else dearest.told


def findings(result: Result) -> Findings:
    return Findings(
        causes=result.causes,
        mistakes=result.mistakes,
        groups=grouped(check for check in result.checks if check.status in ("failed", "error")),
        not_run=grouped(check for check in result.checks if check.status == "not_run"),
        passed=tuple(check for check in result.checks if check.status == "passed"),
    )


def grouped(checks: Iterable[CheckResult]) -> tuple[Group, ...]:
    """In the order of the first of each. What has a picture of its own is told by itself."""
    alike: dict[object, list[CheckResult]] = {}
    for check in checks:
        own = check.id if check.difference is not None else ""
        alike.setdefault((check.status, check.message, check.hint, own), []).append(check)
    return tuple(Group(tuple(each)) for each in alike.values())


def told(cause: Cause) -> str:
    return f"{cause.message} ({cause.place})" if cause.place else cause.message


def excerpt(cause: Cause) -> list[str]:
    """The line of a cause with a caret below what Python stumbled over."""
    if not cause.code.strip():
        return []
    margin = f"{cause.place.rpartition(' ')[2] or cause.line} │ "  # the number in its cell, as the place has it
    start, end = cause.span
    code = cause.code.lstrip(" \t\f")  # and nothing that only looks like it
    lead = len(cause.code) - len(code)
    lines = [margin + code.rstrip().replace("\t", " ")]
    if start < end and start >= lead:
        lines.append(" " * (len(margin) - 2) + "│ " + " " * (start - lead) + "^" * (end - start))
    return lines


def where(mistake: NamedMistake, checks: Iterable[CheckResult]) -> str:
    """The place in the student's file where a mistake shows."""
    places = (check.place for check in checks if check.id in mistake.checks and check.place)
    return next(places, "")
