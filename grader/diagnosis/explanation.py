"""Explanations of failed checks by known mistakes, and which of them are named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

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


def cover(explanations: Sequence[Explanation], failed: set[str]) -> list[Explanation]:
    """Explanations that together account for as many failed checks as can be, the strongest first, without guessing."""
    chosen: list[Explanation] = []
    left = set(failed)
    while True:
        candidates = [replace(item, checks=item.checks & left) for item in explanations if item.checks & left]
        candidates.sort(key=rank, reverse=True)
        if not candidates:
            return chosen
        top = candidates[0]
        rivals = [
            item
            for item in candidates[1:]
            if rank(item) == rank(top) and item.checks & top.checks and item.mistakes != top.mistakes
        ]
        if not rivals:
            chosen.append(top)
            left -= top.checks
            continue
        tied = set().union(*(rival.checks & top.checks for rival in rivals))
        left -= tied
        # What only one of them explains may still be named, but not what explains less of the same.
        equal = {item.mistakes for item in (top, *rivals)}
        explanations = [item for item in explanations if item.mistakes in equal or not item.checks & tied]


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
