"""Explanations of failed checks by known mistakes, and which of them are named."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property

from grader.result import Evidence, NamedMistake
from grader.suite.mistakes import Mistake


@dataclass(frozen=True)
class Explanation:
    mistakes: tuple[Mistake, ...]
    checks: frozenset[str]  # ids of the failed checks that it explains
    evidence: Evidence
    agreed: int  # checks of any kind, on any function, that are answered as it would
    told: float  # bits, by what agrees and is not right


def rank(explanation: Explanation) -> tuple[int, bool, int]:
    return len(explanation.checks), explanation.evidence == "values", explanation.agreed


class Candidate:
    """A variant that may explain some failed checks. Whether it does takes time, and is found out when it matters."""

    def __init__(self, checks: Set[str], explain: Callable[[], Explanation | None]) -> None:
        """`checks`: the most that it may explain."""
        self.checks, self._explain = checks, explain

    @staticmethod
    def of(explanation: Explanation) -> Candidate:
        return Candidate(explanation.checks, lambda: explanation)

    @cached_property
    def explanation(self) -> Explanation | None:
        return self._explain()


@dataclass(frozen=True)
class Tie:
    """Of some checks that several mistakes explain equally well, none of them is named, nor what explains less."""

    checks: Set[str]
    mistakes: Set[tuple[Mistake, ...]]

    def admits(self, explanation: Explanation) -> bool:
        """Whether what only one of them explains may still be named."""
        return explanation.mistakes in self.mistakes or not explanation.checks & self.checks


def cover(candidates: Sequence[Candidate], failed: Set[str]) -> list[Explanation]:
    """Explanations that together account for as many failed checks as can be, the strongest first, without guessing."""
    chosen: list[Explanation] = []
    left = set(failed)
    ties: list[Tie] = []
    while explanations := strongest(candidates, left, ties):
        top = explanations[0]
        rivals = [
            item
            for item in explanations[1:]
            if rank(item) == rank(top) and item.checks & top.checks and item.mistakes != top.mistakes
        ]
        if not rivals:
            chosen.append(top)
            left -= top.checks
            continue
        tied = set().union(*(rival.checks & top.checks for rival in rivals))
        left -= tied
        ties.append(Tie(tied, {item.mistakes for item in (top, *rivals)}))
    return chosen


def strongest(candidates: Sequence[Candidate], left: Set[str], ties: Sequence[Tie]) -> list[Explanation]:
    """What explains some of the checks that are left, by rank. Candidates that cannot explain as many as another one
    does are not looked at."""
    found: dict[int, Explanation] = {}
    most = 1
    for number in sorted(range(len(candidates)), key=lambda number: -len(candidates[number].checks & left)):
        if len(candidates[number].checks & left) < most:
            break
        whole = candidates[number].explanation
        if whole is not None and whole.checks & left and all(tie.admits(whole) for tie in ties):
            found[number] = replace(whole, checks=whole.checks & left)
            most = max(most, len(found[number].checks))
    return sorted((found[number] for number in sorted(found)), key=rank, reverse=True)


def merge(explanations: Iterable[Explanation]) -> list[NamedMistake]:
    """One record a mistake, also where a pair names one that was named alone."""
    records: dict[str, NamedMistake] = {}
    for explanation in explanations:
        for mistake in explanation.mistakes:
            before = records.get(mistake.id)
            checks = sorted(explanation.checks | set(before.checks if before else ()))
            evidence = before.evidence if before and before.evidence == "values" else explanation.evidence
            records[mistake.id] = name(mistake, checks, evidence)
    return list(records.values())


def name(mistake: Mistake, checks: Sequence[str], evidence: Evidence) -> NamedMistake:
    return NamedMistake(
        mistake.id, mistake.title, mistake.explanation, tuple(checks), evidence, mistake.textbook, mistake.formula
    )
