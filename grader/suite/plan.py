"""What a suite will ask, found out by asking the reference first.

The calls of a check follow from the seed, and as a rule not from what the submission answers. So those it makes on
the reference tell in advance those it will make on a submission, and which functions it is about. A check that the
reference itself fails is found here too: with this seed it would cost students marks for a fault of ours.

For a batch, checks also make a dry run: one that does nothing but `agree` and `observe`, uses no answer and lets each
failure pass need not be run again for every submission, for its calls are the check.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from grader.sandbox.protocol.calls import Raised
from grader.suite.check import Check, Recorded
from grader.suite.compare import Mismatch
from grader.suite.fixtures import StudentError, student_error
from grader.suite.idle import Idling
from grader.suite.oracles import Trusted
from grader.suite.verdict import Verdict, judge, veiled
from grader.suite.vouchers import Vouchers, is_passive

# What a check may be interrupted by: a value that is wrong, and errors as `except` tells them apart.
FAILURES: tuple[Mismatch | StudentError, ...] = (
    Mismatch("dry run"),
    *(student_error("dry run", Raised((kind, "Exception"), "")) for kind in ("TypeError", "ValueError", "KeyError")),
)


@dataclass(frozen=True)
class Plan:
    checks: tuple[Check, ...]
    calls: tuple[bytes, ...]  # of the checks whose inputs may be seen, in order
    hidden_calls: tuple[bytes, ...]  # of those with hidden inputs
    targets: dict[str, set[str]]  # id of a check → the functions that it calls
    broken: dict[str, str]  # id of a check that the reference fails → how
    passive: frozenset[str]  # ids of checks that a function may pass without answering anything: told by their calls
    sizes: dict[bytes, int]  # call → bytes of memory that the reference's answer takes
    idle: Container[str]  # as passive, told by what does nothing and passes them
    vouchers: Vouchers

    @property
    def is_recorded(self) -> bool:
        """Whether nothing of a suite is run: then nobody changes what a submission answered."""
        return all(isinstance(check, Recorded) for check in self.checks)

    def unearned(self, passed: set[str]) -> dict[str, str]:
        """Of the checks that passed, those that tell nothing yet: id → the function that has to answer first.

        A function that only raises passes every check of refusals, and one that does nothing leaves its inputs alone.
        Such checks count once the same function gives a right answer to some other check. What else is right where
        nothing is done, as dropout is at test time, counts once any function gives a right answer elsewhere.
        """
        if len(passed) == len(self.targets):
            return {}
        proven = any(id not in self.passive and id not in self.idle for id in passed)
        lacking = (id for id in passed if not proven or not self._is_vouched_for(id, passed))
        return {id: self.vouchers.functions(id) for id in lacking}

    def _is_vouched_for(self, id: str, passed: set[str]) -> bool:
        """By a check of the same probe, or by another that nobody passes who does nothing."""
        vouchers = self.vouchers.of(id)
        return not vouchers or any(
            self.targets[other] & self.targets[id] or other not in self.idle for other in sorted(vouchers & passed)
        )


def plan(
    checks: Sequence[Check],
    reference: Trusted,
    seed: int,
    seconds: float,
    idle_sides: Callable[[], Sequence[Trusted]],
) -> Plan:
    verdicts = [judge(check, reference, reference, seed, seconds) for check in checks]
    return plan_of(verdicts, Idling(verdicts, idle_sides, reference), reference)


def plan_of(verdicts: Sequence[Verdict], idle: Container[str], reference: Trusted) -> Plan:
    """What checks ask, by the verdicts on the reference itself."""
    return Plan(
        checks=tuple(verdict.check for verdict in verdicts),
        calls=tuple(foreseen(verdict for verdict in verdicts if not verdict.check.hidden_input)),
        hidden_calls=tuple(foreseen(verdict for verdict in verdicts if verdict.check.hidden_input)),
        targets={verdict.check.id: verdict.targets for verdict in verdicts},
        broken={verdict.check.id: verdict.message for verdict in verdicts if not verdict.passed},
        passive=frozenset(verdict.check.id for verdict in verdicts if all(map(is_passive, verdict.calls))),
        sizes={call.body: call.got.size for verdict in verdicts for call in verdict.calls},
        idle=idle,
        vouchers=Vouchers(verdicts, reference),
    )


def foreseen(verdicts: Iterable[Verdict]) -> Iterator[bytes]:
    """The calls as a worker will be asked them: those that are judged in parts once."""
    asked: set[bytes] = set()
    for call in (call for verdict in verdicts for call in verdict.calls):
        if not call.parts or call.body not in asked:
            yield call.body
        if call.parts:
            asked.add(call.body)


def record(plan: Plan, reference: Trusted, seed: int, seconds: float) -> Plan:
    """The plan with each check that does nothing but `agree` and `observe` as the calls that it makes."""
    return replace(plan, checks=tuple(recorded(check, reference, seed, seconds) for check in plan.checks))


def recorded(check: Check, reference: Trusted, seed: int, seconds: float) -> Check:
    verdict = judge(check, reference, reference, seed, seconds)
    if verdict.passed and only_agrees(verdict, reference, seed, seconds):
        return Recorded.of(check, verdict.calls)
    return check


def only_agrees(verdict: Verdict, reference: Trusted, seed: int, seconds: float) -> bool:
    """Whether the comparisons of a check are all of it: the same calls come of it where their answers are withheld,
    and a failure of any of them, of whatever kind, ends it there."""
    check, bodies = verdict.check, [call.body for call in verdict.calls]
    if not all(call.compared or call.observed for call in verdict.calls):
        return False
    compared = [number for number, call in enumerate(verdict.calls) if call.compared]
    again = judge(check, reference, reference, seed, seconds, dry_run=lambda number: None)
    if not again.passed or [call.body for call in again.calls] != bodies:
        return False
    for failing, failure in itertools.product(compared, FAILURES):

        def fail(number: int, failing: int = failing, failure: Exception = failure) -> None:
            if number == failing:
                raise failure

        again = judge(check, reference, reference, seed, seconds, dry_run=fail)
        said = veiled(failure) if check.hidden_input else str(failure)
        if (again.status, again.message, len(again.calls)) != ("failed", said, failing + 1):
            return False
    return True
