"""Which known mistakes explain the values that a submission gave.

Each mistake is the reference made wrong in one way, so it can be asked for its own answer to every call that the
suite made on the submission. A mistake *explains* a failed check when the submission's answers to all calls of the
check are the mistake's answers, and not all of them the reference's. It is *contradicted* when a check that passed,
of a function it explains a failure of, was answered otherwise than it would. Among the mistakes that explain
something and are not contradicted, the one that explains most is named first, then the one that explains most of
what is left, and so on; then pairs of mistakes in one function are tried on what no single one explains. Where two
explain the same equally well, neither is named: a wrong name is worse than none.

Evidence is "values" when finite numbers agree that differ from the reference's, and "pattern" when the agreement
lies in where an answer is not finite or which error was raised; a pattern must hold for every failed check of the
function. Last, a check marked `reveals` can fail with a value for one reason only, and names it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

import numpy as np

from grader.cache import Cache
from grader.result import Evidence, NamedMistake
from grader.sandbox.protocol.calls import Outcome, Path, Raised, Returned
from grader.sandbox.protocol.codec import WireError
from grader.suite.compare import Mismatch, as_array, assert_close, is_tensor
from grader.suite.fingerprint import may_agree
from grader.suite.fixtures import Call, is_missing
from grader.suite.mistakes import Mistake
from grader.suite.oracles import Sides, Trusted
from grader.suite.verdict import Verdict

MAX_PAIRS = 200
MAX_NAMED, MAX_WRONG = 4 << 20, 16 << 20  # bytes that are remembered
NAMED, PLACE = 200, 16  # bytes that a named mistake takes, and the id of a check in it


@dataclass(frozen=True)
class Explanation:
    mistakes: tuple[Mistake, ...]
    checks: frozenset[str]  # ids of the failed checks that it explains
    evidence: Evidence
    agreed: int  # checks of any kind, on any function, that are answered as it would


class Diagnosis:
    """The known mistakes of one exercise, made into modules once and asked as often as needed."""

    def __init__(self, mistakes: Sequence[Mistake], sides: Sides, names: Iterable[str] = ()) -> None:
        """`names`: what the exercise asks for."""
        self._names = frozenset(names)
        self.mistakes = {mistake.id: mistake for mistake in mistakes}
        self.reference, self.side = sides.reference, sides.side
        self._named: Cache[bytes, tuple[NamedMistake, ...]] = Cache(MAX_NAMED)
        self._wrong: Cache[tuple[Trusted, bytes, Path], bool] = Cache(MAX_WRONG)

    def each_side(self) -> Iterator[Trusted]:
        """Every variant of every known mistake."""
        for mistake in self.mistakes.values():
            for variant in mistake.variants:
                if (side := self.side(variant)) is not None:
                    yield side

    def name_mistakes(self, tried: Sequence[Verdict]) -> tuple[NamedMistake, ...]:
        """The mistakes that the values show, those that explain most first. The same answers are explained once."""
        answers = blake2b()
        for item in tried:
            answers.update(item.status.encode())
            for call in item.calls:
                if not call.got.digest:
                    return self._name_mistakes(tried)
                for part in (item.check.id.encode(), call.body, call.got.digest):
                    answers.update(part)
        key = answers.digest()
        named = self._named.get(key)
        if named is None:
            named = self._name_mistakes(tried)
            self._named.keep(key, named, sum(NAMED + PLACE * len(mistake.checks) for mistake in named))
        return named

    def _name_mistakes(self, tried: Sequence[Verdict]) -> tuple[NamedMistake, ...]:
        failed = {item.check.id for item in tried if not item.passed and item.calls}
        singles = [
            found
            for mistake in self.mistakes.values()
            for variant in mistake.variants
            if (found := self._explain((mistake,), variant, tried))
        ]
        named = cover(singles, failed)
        left = failed.difference(*(found.checks for found in named))
        if left:
            named += cover(self._pairs(tried, left), left)
        result = merge(named)
        explained = set().union(*(mistake.checks for mistake in result))
        return tuple(result) + tuple(self._revealed(tried, explained, {mistake.id for mistake in result}))

    def _explain(
        self, mistakes: tuple[Mistake, ...], variant: tuple[Any, ...], tried: Sequence[Verdict]
    ) -> Explanation | None:
        side = self.side(variant)
        if side is None:
            return None
        agreements = {item.check.id: self._agreement(item, side) for item in tried if not item.passed}
        explained = [item for item in tried if agreements.get(item.check.id) in ("values", "pattern")]
        if not explained:
            return None
        denied: set[str] = set().union(
            *(item.targets for item in tried if item.passed and self._contradicts(item, side))
        )
        explained = [item for item in explained if not item.targets & denied]
        if not explained:
            return None
        targets = set().union(*(item.targets for item in explained))
        related = [item for item in tried if item.targets & targets]
        evidence: Evidence = "values" if any(agreements[item.check.id] == "values" for item in explained) else "pattern"
        answered = [item for item in related if not self._asks_for_refusal(item)]
        if evidence == "pattern" and any(agreements.get(item.check.id) == "none" for item in answered):
            return None
        agreed = sum(
            not self._contradicts(item, side) if item.passed else agreements[item.check.id] != "none" for item in tried
        )
        return Explanation(mistakes, frozenset(item.check.id for item in explained), evidence, agreed)

    def _agreement(self, item: Verdict, side: Trusted) -> str:
        """ "none", "same" (as the reference too), "pattern" or "values"."""
        found = "same"
        for call in item.calls:
            agreement = "none" if self._is_elsewhere(side, call) else agreement_with(side, call)
            if agreement == "none":
                return "none"
            if found != "values" and self._is_wrong(side, call):
                found = agreement
        return found

    def _asks_for_refusal(self, item: Verdict) -> bool:
        """Whether a check is about errors only, which says nothing of how a function computes."""
        return all(isinstance(self.reference.part(call.body, call.paths[0]), Raised) for call in item.calls)

    def _contradicts(self, item: Verdict, side: Trusted) -> bool:
        """Whether a check that passed would not have, had the submission made this mistake."""
        return any(
            self._is_wrong(side, call) if call.compared else agreement_with(side, call) == "none"
            for call in item.calls
            if not call.observed
        )

    def _is_wrong(self, side: Trusted, call: Call) -> bool:
        """Whether a mistake shows in its answer to a call, in every part of it that will do."""
        return not self._is_elsewhere(side, call) and all(self._is_wrong_at(side, call, path) for path in call.paths)

    def _is_elsewhere(self, side: Trusted, call: Call) -> bool:
        """Whether a mistake is one of other functions only, in a call of which one of several parts will do: those are
        there so that a mistake elsewhere does not count. Then it need not be asked, which takes as long as the call."""
        known = side.changed and side.changed <= self._names
        return bool(known) and len(call.parts) > 1 and call.function not in side.changed

    def _is_wrong_at(self, side: Trusted, call: Call, path: Path) -> bool:
        body = call.body
        if call.any_error and isinstance(side.part(body, path), Raised):
            return False
        key = (side, body, path)
        wrong = self._wrong.get(key)
        if wrong is None:
            right = self.reference.part(body, path)
            wrong = (
                not may_agree(side.sketch(body, path), self.reference.sketch(body, path), call.tolerances)
                or agree(side.part(body, path), right, call.tolerances) == "none"
            )
            self._wrong.keep(key, wrong, self.reference.weight(call.body))
        return wrong

    def _pairs(self, tried: Sequence[Verdict], left: set[str]) -> list[Explanation]:
        """Explanations by two mistakes at once of checks that no single one explains.

        One variant of each mistake, and one check to begin with: the number of pairs grows with the square.
        """
        answered = (item for item in tried if item.check.id in left and item.calls)
        values = (item for item in answered if all(isinstance(call.outcome, Returned) for call in item.calls))
        first = next(values, None)
        if first is None:
            return []
        found = []
        for (one, variant), (other, more) in self.pairs(first.calls):
            both = (*variant, *more)
            side = self.side(both)
            if side is not None and self._agreement(first, side) == "values":
                explanation = self._explain((one, other), both, tried)
                if explanation is not None and explanation.evidence == "values":
                    found.append(explanation)
        return found

    def pairs(self, calls: Sequence[Call]) -> Iterator[tuple[tuple[Mistake, Any], tuple[Mistake, Any]]]:
        """Two mistakes at a time that each change some of these answers, each with the variant that does."""
        changing = [
            (mistake, variant)
            for mistake in self.mistakes.values()
            for variant in [variant for variant in mistake.variants if self._changes(calls, variant)][:1]
        ]
        yield from itertools.islice(itertools.combinations(changing, 2), MAX_PAIRS)

    def _changes(self, calls: Sequence[Call], variant: tuple[Any, ...]) -> bool:
        side = self.side(variant)
        return side is not None and any(self._is_wrong(side, call) for call in calls)

    def _revealed(self, tried: Sequence[Verdict], explained: set[str], named: set[str]) -> Iterable[NamedMistake]:
        for item in tried:
            mistake = self.mistakes.get(item.check.reveals)
            if mistake is None or item.passed or item.check.id in explained or mistake.id in named:
                continue
            if item.calls and isinstance(item.calls[-1].outcome, Returned):
                named.add(mistake.id)
                yield name(mistake, [item.check.id], "pattern")


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
        for rival in rivals:  # what only one of them explains may still be named
            left -= rival.checks & top.checks


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


def agreement_with(side: Trusted, call: Call) -> str:
    """ "values" or "pattern" when a part of a call that will do is answered as a side does, "none" when none is."""
    found = "none"
    for path, (got, sketch) in zip(call.paths, call.judged, strict=True):
        if not is_missing(got) and may_agree(sketch, side.sketch(call.body, path), call.tolerances):
            agreement = agree(got, side.part(call.body, path), call.tolerances)
            found = agreement if found != "values" and agreement != "none" else found
    return found


def agree(got: Outcome, other: Outcome, tolerances: dict[str, Any]) -> str:
    """ "values" or "pattern" when two outcomes are one, "none" when not."""
    if isinstance(got, Raised) and isinstance(other, Raised):
        # NumPy's AxisError and a plain ValueError are the same refusal.
        refused = "ValueError" in got.kinds and "ValueError" in other.kinds
        return "pattern" if refused or got.kinds[0] == other.kinds[0] else "none"
    if not isinstance(got, Returned) or not isinstance(other, Returned):
        return "none"
    try:
        if same_values(got.value, other.value, tolerances):
            return "values"
    except (Mismatch, WireError):
        return "none"
    return "pattern"


def same_values(got: Any, other: Any, tolerances: dict[str, Any]) -> bool:
    """True when all is finite and agrees, False when it agrees and some is not finite. Raises Mismatch."""
    if isinstance(other, (tuple, list)) and isinstance(got, (tuple, list)) and len(got) == len(other):
        agreed = [same_values(mine, theirs, tolerances) for mine, theirs in zip(got, other, strict=True)]
        return all(agreed)
    if isinstance(other, dict) and isinstance(got, dict) and got.keys() == other.keys():
        agreed = [same_values(got[key], other[key], tolerances) for key in other]
        return all(agreed)
    if not is_numeric(other) or not is_numeric(got):
        assert_close(got, other, **tolerances)
        return True
    theirs, mine = as_array(other), as_array(got)
    if theirs.shape != mine.shape or theirs.dtype.kind not in "fc" or np.isfinite(theirs).all():
        assert_close(got, other, **tolerances)
        return True
    finite = np.isfinite(theirs)
    if mine.dtype != theirs.dtype or (np.isfinite(mine) != finite).any():
        raise Mismatch("finite elsewhere")
    assert_close(mine[finite], theirs[finite], **tolerances)
    return False


def is_numeric(value: Any) -> bool:
    return is_tensor(value) or isinstance(value, (float, np.ndarray, np.generic))
