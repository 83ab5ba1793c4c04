"""Which known mistakes explain the values that a submission gave.

Each mistake is the reference made wrong in one way, so it can be asked for its own answer to every call that the
suite made on the submission. A mistake *explains* a failed check when the submission's answers to all calls of the
check are the mistake's answers, and not all of them the reference's. It is *contradicted* when a check, passed or
failed, of a function it explains a failure of, was answered otherwise than it would, where it would have been wrong,
unless such checks are outweighed by what agrees.
And it may agree by chance: where checks of the function failed that it does not explain, what agrees must be more
than a few small numbers or words. Among the mistakes that are left, the one that explains most is named first, then the
one that explains most of what is left, and so on; then pairs of mistakes in one function are tried on what no single
one explains. Where two explain the same equally well, neither is named: a wrong name is worse than none.

Evidence is "values" when finite numbers agree that differ from the reference's, and "pattern" when the agreement
lies in where an answer is not finite or which error was raised; a pattern must hold for every failed check of the
function. Last, a check marked `reveals` can fail with a value for one reason only, and names it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence, Set
from hashlib import blake2b
from typing import Any

from grader.cache import Cache
from grader.diagnosis.agreement import agree, agree_but_for_dtype, agreement_with, differ
from grader.diagnosis.chance import bits
from grader.diagnosis.explanation import Candidate, Explanation, cover, merge, name
from grader.result import Evidence, NamedMistake
from grader.sandbox.protocol.calls import Path, Raised, Returned
from grader.suite.fingerprint import Sketches, may_agree
from grader.suite.fixtures import Call, is_missing
from grader.suite.mistakes import Mistake
from grader.suite.oracles import Trusted, Versions
from grader.suite.verdict import Verdict

MAX_PAIRS = 500  # of 32 mistakes
MAX_NAMED, MAX_WRONG, MAX_SKETCHES = 4 << 20, 16 << 20, 8 << 20  # bytes that are remembered
NAMED, PLACE = 200, 16  # bytes that a named mistake takes, and the id of a check in it
BY_CHANCE, CERTAIN = 12.0, 100.0  # bits that agree by chance now and then, and never
LITTLE = 4.0  # bits of a small number or two
RIGHT = 4  # wrong answers that a right one counts for, where a mistake would have been wrong


class Diagnosis:
    """The known mistakes of one exercise, made into modules once and asked as often as needed."""

    def __init__(self, mistakes: Sequence[Mistake], versions: Versions, names: Iterable[str] = ()) -> None:
        """`names`: what the exercise asks for."""
        self._names = frozenset(names)
        self.mistakes = {mistake.id: mistake for mistake in mistakes}
        self.reference, self.side = versions.reference, versions.side
        self._named: Cache[bytes, tuple[NamedMistake, ...]] = Cache(MAX_NAMED)
        self._variants = [(mistake, variant) for mistake in mistakes for variant in mistake.variants]
        self._sketches: Cache[tuple[bytes, Path], Sketches] = Cache(MAX_SKETCHES)
        self._wrong: Cache[tuple[Trusted, bytes, Path], bool] = Cache(MAX_WRONG)

    def each_side(self) -> Iterator[Trusted]:
        """Every variant of every known mistake."""
        for _, variant in self._variants:
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
        possible = sorted(self._possible(tried).items())
        named = cover([self._candidate(number, tried, checks) for number, checks in possible], failed)
        left = failed.difference(*(found.checks for found in named))
        if left:
            named += cover([Candidate.of(pair) for pair in self._pairs(tried, failed, left)], left)
        result = merge(self._sure(named, tried))
        explained = set().union(*(mistake.checks for mistake in result))
        return tuple(result) + tuple(self._revealed(tried, explained, {mistake.id for mistake in result}))

    def _candidate(self, number: int, tried: Sequence[Verdict], checks: Set[str]) -> Candidate:
        mistake, variant = self._variants[number]
        return Candidate(checks, lambda: self._explain((mistake,), variant, tried, checks))

    def _possible(self, tried: Sequence[Verdict]) -> dict[int, set[str]]:
        """Variants, by their numbers, with the failed checks of which they may answer the first call as it was."""
        found: dict[int, set[str]] = {}
        for item in tried:
            if item.passed or not item.calls:
                continue
            call = item.calls[0]
            for path, (got, sketch) in zip(call.paths, call.judged, strict=True):
                numbers = () if is_missing(got) else self._sketches_of(call, path).may_agree(sketch, call.tolerances)
                for number in numbers:
                    found.setdefault(number, set()).add(item.check.id)
        return found

    def _sketches_of(self, call: Call, path: Path) -> Sketches:
        """The sketches of what each variant answers to a call."""
        key = (call.body, path)
        known = self._sketches.get(key)
        if known is None:
            sides = {number: self.side(variant) for number, (_, variant) in enumerate(self._variants)}
            known = Sketches(
                {
                    number: side.sketch(call.body, path)
                    for number, side in sides.items()
                    if side is not None and not self._is_elsewhere(side, call)
                }
            )
            self._sketches.keep(key, known, self.reference.weight(call.body) + known.size)
        return known

    def _explain(
        self, mistakes: tuple[Mistake, ...], variant: tuple[Any, ...], tried: Sequence[Verdict], possible: Set[str]
    ) -> Explanation | None:
        """`possible`: ids of the failed checks that it may explain."""
        side = self.side(variant)
        if side is None:
            return None
        agreements = {
            item.check.id: self._agreement(item, side) if item.check.id in possible else "none"
            for item in tried
            if not item.passed
        }
        explained = [item for item in tried if agreements.get(item.check.id) in ("values", "pattern")]
        if not explained:
            return None
        contradicting = [item for item in tried if item.passed and self._contradicts(item, side)]
        denied = set().union(*(item.targets for item in contradicting))
        explained = [item for item in explained if not item.targets & denied]
        against = [
            item for item in tried if agreements.get(item.check.id) == "none" and self._speaks_against(item, side)
        ]
        explained = self._undoubted(explained, contradicting + against, side, strict=len(mistakes) > 1)
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
        told = self._told(explained, side)
        return Explanation(mistakes, frozenset(item.check.id for item in explained), evidence, agreed, told)

    def _undoubted(
        self, explained: list[Verdict], against: list[Verdict], side: Trusted, *, strict: bool
    ) -> list[Verdict]:
        """Of the checks that a mistake explains, those of functions where no check speaks against it. Unless `strict`,
        a few may where many more agree in many digits: something else is in those. A right answer counts more than
        another wrong one.
        """
        denied = set().union(*(self._entered(item) for item in against))
        doubted = [item for item in explained if self._functions(item) & denied]
        about = set().union(*(self._functions(item) for item in doubted))
        weight = sum(RIGHT if item.passed else 1 for item in against if self._entered(item) & about)
        told = self._told(doubted, side)
        if not strict and len(doubted) > weight and told > CERTAIN:
            return explained
        return [item for item in explained if item not in doubted]

    def _functions(self, item: Verdict) -> set[str]:
        """What a check is about: what it enters, but for the making of what is then asked for more."""
        entered = self._entered(item)
        return {name for name in entered if not name.endswith(".__init__")} or entered

    def _entered(self, item: Verdict) -> set[str]:
        """The functions that a check enters, by whatever probe, or what becomes of arguments."""
        calls = [call for call in item.calls if not call.observed]
        left = {call.target for call in calls if call.target != call.function}
        return left or {name for call in calls for name in self.reference.entered(call.body)} or item.targets

    def _sure(self, found: list[Explanation], tried: Sequence[Verdict]) -> list[Explanation]:
        """Explanations of which so much agrees that it cannot by chance, or that leave nothing of their functions to
        explain: alone, or together with others where each shows in more than a small number or two. Where more
        answers are left than it explains, it takes much more: many a wrong program agrees with some mistake somewhere.
        """
        failed = [item for item in tried if not item.passed and item.calls]
        told = [item for item in failed if not self._tells_nothing(item)]

        def left(explanation: Explanation, explained: Set[str]) -> list[Verdict]:
            about = set().union(*(self._functions(item) for item in failed if item.check.id in explanation.checks))
            others = [item for item in told if item.check.id not in explained]
            by = (
                self._entered if explanation.evidence == "pattern" else self._functions
            )  # an error in the making is weak
            return [item for item in others if by(item) & about]

        def needed(explanation: Explanation, explained: Set[str]) -> float:
            answered = [item for item in left(explanation, explained) if not isinstance(item.calls[-1].outcome, Raised)]
            return CERTAIN if len(answered) > len(explanation.checks) else BY_CHANCE

        while True:
            explained = set().union(*(explanation.checks for explanation in found))
            sure = [
                each
                for each in found
                if not left(each, each.checks)
                or each.told > needed(each, explained)
                or ((len(each.checks) > 1 or each.told > LITTLE) and not left(each, explained))
            ]
            if len(sure) == len(found):
                return found
            found = sure

    def _tells_nothing(self, item: Verdict) -> bool:
        """Whether a check failed for want of an answer or for the dtype of one that is right, or is about errors."""
        if any(is_missing(call.outcome) for call in item.calls) or self._asks_for_refusal(item):
            return True
        parts = [
            (call, path, got) for call in item.calls for path, (got, _) in zip(call.paths, call.judged, strict=True)
        ]
        return all(
            isinstance(got, Returned)
            and isinstance(right := self.reference.part(call.body, path), Returned)
            and agree_but_for_dtype(got.value, right.value)
            for call, path, got in parts
        )

    def _speaks_against(self, item: Verdict, side: Trusted) -> bool:
        """Whether a failed check holds a value where a mistake would have given another wrong one."""
        return any(
            self._is_wrong_at(side, call, path) and differ(got, side.part(call.body, path), call.tolerances)
            for call in item.calls
            if not self._is_elsewhere(side, call)
            for path, (got, _) in zip(call.paths, call.judged, strict=True)
        )

    def _told(self, items: Sequence[Verdict], side: Trusted) -> float:
        """Bits, by what agrees in some checks and is not right. The same error, or what it says, counts once."""
        told: dict[bytes | str, float] = {}
        for call in (call for item in items for call in item.calls):
            got = call.outcome
            key: bytes | str = got.kinds[0] if isinstance(got, Raised) else call.body
            if isinstance(got, Returned) and isinstance(got.value, str):
                key = got.value
            told[key] = max(told.get(key, 0.0), self._bits(call, side))
        return sum(told.values())

    def _bits(self, call: Call, side: Trusted) -> float:
        """What tells a mistake from the reference in an answer that agrees with it."""
        if self._is_elsewhere(side, call):
            return 0.0
        parts = zip(call.paths, call.judged, strict=True)
        wrong = [(path, got) for path, (got, _) in parts if self._is_wrong_at(side, call, path)]
        return sum(bits(got, self.reference.part(call.body, path)) for path, got in wrong)

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
        if side.is_as_reference(body) or (call.any_error and isinstance(side.part(body, path), Raised)):
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

    def _pairs(self, tried: Sequence[Verdict], failed: set[str], left: set[str]) -> list[Explanation]:
        """Explanations by two mistakes at once of checks that no single one explains.

        One variant of each mistake, and first those that change the same check where fewest do: the number of pairs
        grows with the square.
        """
        answered = [item for item in tried if item.check.id in left and item.calls]
        values = [item for item in answered if all(isinstance(call.outcome, Returned) for call in item.calls)]
        ways = sorted(((item, list(self.pairs(item.calls))) for item in values), key=lambda way: len(way[1]))
        tries = ((item, *pair) for item, pairs in ways for pair in pairs)
        found: dict[tuple[Any, ...], Explanation] = {}
        for item, (one, variant), (other, more) in itertools.islice(tries, MAX_PAIRS):
            both = (*variant, *more)
            side = None if both in found else self.side(both)
            if side is not None and self._agreement(item, side) in ("values", "pattern"):
                explanation = self._explain((one, other), both, tried, failed)
                if explanation is not None and explanation.evidence == "values":
                    found[both] = explanation
        return list(found.values())

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
