"""What a suite will ask, found out by asking the reference first.

The calls of a check follow from the seed, and as a rule not from what the submission answers. So those it makes on
the reference tell in advance those it will make on a submission, and which functions it is about. A check that does
nothing but `agree` need not even be run again: its calls are the check. One that the reference itself fails is found
here too: with this seed it would cost students marks for a fault of ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grader.sandbox.calls import Raised
from grader.suite.checks import Check
from grader.suite.trial import Call, Local
from grader.suite.verdict import Verdict, judge


@dataclass(frozen=True)
class Plan:
    calls: tuple[bytes, ...]  # of all checks, in order
    targets: dict[str, set[str]]  # id of a check → the functions that it calls
    broken: dict[str, str]  # id of a check that the reference fails → how
    recorded: dict[str, tuple[Call, ...]]  # id of a check that does nothing but `agree` → its calls
    passive: frozenset[str]  # ids of checks that a function may pass without answering anything

    def unearned(self, passed: set[str]) -> dict[str, str]:
        """Of the checks that passed, those that tell nothing yet: id → the function that has to answer first.

        A function that only raises passes every check of refusals, and one that does nothing leaves its inputs alone.
        Such checks count once the same function gives a right answer to some other check.
        """
        active = {id: targets for id, targets in self.targets.items() if id not in self.passive}
        found = {}
        for id in passed & self.passive:
            same = {other for other, targets in active.items() if targets & self.targets[id]} or set(active)
            if same.isdisjoint(passed):
                found[id] = " or ".join(sorted(self.targets[id]))
        return found


def plan(checks: Sequence[Check], reference: Local, seed: int, seconds: float) -> Plan:
    verdicts = [judge(check, reference, reference, seed, seconds) for check in checks]
    return Plan(
        calls=tuple(call.body for verdict in verdicts for call in verdict.calls),
        targets={verdict.check.id: verdict.targets for verdict in verdicts},
        broken={verdict.check.id: verdict.message for verdict in verdicts if not verdict.passed},
        recorded={
            verdict.check.id: verdict.calls
            for verdict in verdicts
            if verdict.passed and only_agrees(verdict, reference, seed, seconds)
        },
        passive=frozenset(verdict.check.id for verdict in verdicts if all(map(is_passive, verdict.calls))),
    )


def only_agrees(verdict: Verdict, reference: Local, seed: int, seconds: float) -> bool:
    """Whether a check passes by its comparisons alone: the same calls come of it where their answers are withheld."""
    if not all(call.compared for call in verdict.calls):
        return False
    again = judge(verdict.check, reference, reference, seed, seconds, blind=True)
    return again.passed and [call.body for call in again.calls] == [call.body for call in verdict.calls]


def is_passive(call: Call) -> bool:
    """Whether a call on the reference asks for a refusal, or only for what is left of the inputs."""
    return isinstance(call.got, Raised) or call.name == "inputs_after"
