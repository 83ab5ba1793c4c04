"""What a suite will ask, found out by asking the reference first.

The calls of a check follow from the seed, and as a rule not from what the submission answers. So those it makes on
the reference tell in advance those it will make on a submission, and which functions it is about. A check that the
reference itself fails is found here too: with this seed it would cost students marks for a fault of ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grader.suite.checks import Check
from grader.suite.trial import Local
from grader.suite.verdict import judge


@dataclass(frozen=True)
class Plan:
    calls: tuple[bytes, ...]  # of all checks, in order
    targets: dict[str, set[str]]  # id of a check → the functions that it calls
    broken: dict[str, str]  # id of a check that the reference fails → how


def plan(checks: Sequence[Check], reference: Local, seed: int, seconds: float) -> Plan:
    verdicts = [judge(check, reference, reference, seed, seconds) for check in checks]
    return Plan(
        calls=tuple(call.body for verdict in verdicts for call in verdict.calls),
        targets={verdict.check.id: verdict.targets for verdict in verdicts},
        broken={verdict.check.id: verdict.message for verdict in verdicts if not verdict.passed},
    )
