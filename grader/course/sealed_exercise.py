"""A sealed exercise as an exercise, and its answer key."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from grader.course.exercise import Exercise
from grader.course.sealed_file import AS_REFERENCE, About, Answered, Asked, Sealed, SealError
from grader.sandbox.protocol.calls import decode_outcome
from grader.suite.check import Recorded
from grader.suite.fixtures import Call
from grader.suite.mistakes import Mistake
from grader.suite.oracles import Trusted
from grader.suite.plan import Plan, plan_of
from grader.suite.verdict import Verdict


@dataclass(frozen=True)
class SealedExercise(Exercise):
    """`folder` is the sealed file."""

    @cached_property
    def _about(self) -> About:
        return Sealed.load(self.folder).about()

    @property
    def is_trusted(self) -> bool:
        """No: an edition that is found at hand may be anybody's."""
        return False

    @property
    def seeds(self) -> tuple[int, ...]:
        return self._about.seeds

    @property
    def title(self) -> str:
        return self._about.title

    @property
    def names(self) -> tuple[str, ...]:
        return self._about.names

    @property
    def libraries(self) -> tuple[str, ...]:
        return self._about.libraries

    @property
    def probes(self) -> str:
        return self._about.probes

    @cached_property
    def digest(self) -> str:
        return hashlib.sha256(self.folder.read_bytes()).hexdigest()

    @property
    def reference(self) -> str:
        raise SealError(f"'{self.name}' is sealed: this needs the course with its solutions.")

    @property
    def suite(self) -> Path:
        raise SealError(f"'{self.name}' is sealed: this needs the course with its solutions.")

    def answer_key(self) -> SealedKey:
        return SealedKey(Sealed.load(self.folder))


class SealedKey:
    """The checks, mistakes and answers of a sealed exercise. Mistakes are read when a check first fails."""

    def __init__(self, sealed: Sealed) -> None:
        self._sealed = sealed
        self.about = sealed.about()
        self.checks = self.about.checks
        self.versions = SealedVersions(sealed)

    @cached_property
    def mistakes(self) -> tuple[Mistake, ...]:
        return self._sealed.mistakes()

    def plan(self, seed: int, seconds: float) -> Plan:
        """Raises SealError for a seed that was not recorded."""
        if seed not in self.about.seeds:
            raise SealError(f"{self._sealed.path} has no answers for seed {seed}: it has {listed(self.about.seeds)}.")
        asked = self._sealed.asked(seed)
        self.versions.add(seed, asked)
        verdicts = [verdict(Recorded.of(check, calls_of(asked[check.id]))) for check in self.checks]
        return plan_of(verdicts, self._sealed.idle(seed), self.versions.reference)


class SealedVersions:
    """What the reference and the mistakes answered, for the seeds that were asked for."""

    def __init__(self, sealed: Sealed) -> None:
        self._sealed = sealed
        self._seeds: dict[int, dict[bytes, int]] = {}  # seed → call → its number
        self._answered: dict[int, Answered] = {}
        self._sides: dict[tuple[str, ...], Trusted | None] = {}
        self.reference = Trusted()

    def add(self, seed: int, asked: dict[str, list[Asked]]) -> None:
        calls = [call for each in asked.values() for call in each]
        self._seeds[seed] = {body: number for number, body in enumerate(dict.fromkeys(call.body for call in calls))}
        self.reference.answers |= {call.body: call.answer for call in calls}
        self.reference.entries |= {call.body: call.entered for call in calls}
        self._sides.clear()

    def side(self, variant: tuple[Any, ...]) -> Trusted | None:
        """None where the mistakes do not go together."""
        if variant not in self._sides:
            self._sides[variant] = self._side(" ".join(variant))
        return self._sides[variant]

    def _side(self, key: str) -> Trusted | None:
        found = Trusted(self.reference)
        for seed, calls in self._seeds.items():
            if seed not in self._answered:
                self._answered[seed] = self._sealed.answered(seed)
            answered = self._answered[seed]
            if key not in answered.sides:
                return None
            for body, number in zip(calls, answered.sides[key], strict=True):
                own = self.reference.answers[body] if number == AS_REFERENCE else answered.answers[number]
                found.answers[body] = own
        return found


def calls_of(asked: list[Asked]) -> tuple[Call, ...]:
    """The calls of a check as they were made on the reference."""
    return tuple(
        Call(
            name=call.name,
            body=call.body,
            got=decode_outcome(call.answer),
            tolerances=call.tolerances,
            compared=not call.observed,
            any_error=call.any_error,
            observed=call.observed,
            parts=call.parts,
        )
        for call in asked
    )


def verdict(check: Recorded) -> Verdict:
    return Verdict(check, "passed", calls=check.calls)


def listed(seeds: tuple[int, ...]) -> str:
    return ", ".join(map(str, seeds))
