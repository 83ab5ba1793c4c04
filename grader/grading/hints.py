"""Which hints fit: a hint is about the answer to its check, and helps only one who gave an answer.

A function that is not written yet, or that never answered anything, gets none: hints hold parts of the solution.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from grader.sandbox.protocol.calls import INPUTS, NOT_DEFINED, Raised, Returned
from grader.sandbox.protocol.decoder import Opaque

if TYPE_CHECKING:
    from grader.suite.verdict import Verdict

# Errors that tell all there is to tell: a name, an import, a file; whatever the check is about.
PLAIN_ERRORS = {
    *(NOT_DEFINED, "NotImplementedError", "NameError", "AttributeError", "ImportError", "SyntaxError"),
    *("OSError", "RecursionError", "MemoryError"),
}


def hints_that_fit(verdicts: Sequence[Verdict]) -> dict[str, str]:
    """Id of a failed check → its hint, where that fits the failure."""
    if all(verdict.passed for verdict in verdicts):
        return {}
    answered = {function for verdict in verdicts for function in functions_that_answered(verdict)}
    said: dict[str, set[str]] = {}  # what errors say → the hints of the checks that failed with them
    for verdict in verdicts:
        if verdict.calls and isinstance(verdict.calls[-1].outcome, Raised):
            said.setdefault(verdict.message, set()).add(verdict.check.hint)
    alike = {message for message, hints in said.items() if len(hints) > 1}  # then it is none of what they are about
    return {
        verdict.check.id: verdict.check.hint
        for verdict in verdicts
        if verdict.status == "failed" and verdict.message not in alike and fits(verdict, answered)
    }


def functions_that_answered(verdict: Verdict) -> set[str]:
    """The functions that gave anything: `return` alone, or a body that is not there, gives None, and what is left of
    the arguments is no answer."""
    outcomes = [(call.function, call.got if INPUTS in call.parts else call.outcome) for call in verdict.calls]
    return {function for function, got in outcomes if isinstance(got, Returned) and got.value is not None}


def fits(verdict: Verdict, answered: set[str]) -> bool:
    if not verdict.calls:
        return True
    last = verdict.calls[-1]
    if last.function not in answered:
        return False
    if isinstance(last.outcome, Returned):
        return last.outcome.value is not None and not isinstance(last.outcome.value, Opaque)
    if not isinstance(last.outcome, Raised) or not PLAIN_ERRORS.isdisjoint(last.outcome.kinds):
        return False
    of_a_call = "TypeError" in last.outcome.kinds and last.outcome.line is None  # arguments that do not fit
    return "'NoneType'" not in last.outcome.message and not of_a_call
