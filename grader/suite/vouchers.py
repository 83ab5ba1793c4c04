"""Which checks vouch for a function: that it answers at all, where a check by itself would not show it.

A function that only raises passes every check of refusals, and one that does nothing leaves its inputs alone. So such
a check counts once the same function gives a right answer to another: through the same probe, or numbers through any
other. What a call enters on the reference tells which functions it is about. A refusal of `forward` needs an answer of
`forward`, one of `__init__` anything of the class.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from grader.sandbox.protocol.calls import INPUTS, Raised, Returned
from grader.suite.compare import as_array
from grader.suite.fixtures import Call
from grader.suite.oracles import Trusted
from grader.suite.verdict import Verdict


class Vouchers:
    """Found out where it is asked, as it seldom matters."""

    def __init__(self, verdicts: Sequence[Verdict], reference: Trusted) -> None:
        """`verdicts`: those on the reference."""
        self._verdicts = {verdict.check.id: verdict for verdict in verdicts}
        self._reference = reference
        self._found: dict[str, frozenset[str]] = {}

    def of(self, id: str) -> frozenset[str]:
        """The ids of the checks that vouch for a function of this one. None: it needs nobody, or there is none."""
        if id not in self._found:
            verdict = self._verdicts[id]
            passive = all(map(is_passive, verdict.calls))
            self._found[id] = frozenset(self._vouching(verdict)) if passive else frozenset()
        return self._found[id]

    def _vouching(self, verdict: Verdict) -> Iterator[str]:
        needed = [set(self._reference.entered(call.body)) for call in verdict.calls]
        for id, other in self._verdicts.items():
            calls = [call for call in other.calls if not is_passive(call)]
            entered = {name for call in calls if is_answer(call) for name in self._reference.entered(call.body)}
            if calls and (other.targets & verdict.targets or any(each <= entered for each in needed if each)):
                yield id

    def functions(self, id: str) -> str:
        """The functions of a check, as a message calls them."""
        verdict = self._verdicts[id]
        names = {name for call in verdict.calls for name in self._reference.entered(call.body) if name[0] != "_"}
        methods = {name for name in names if not name.endswith(".__init__")}
        classes = {name.removesuffix(".__init__") for name in names - methods}
        classes -= {name.partition(".")[0] for name in methods}
        return " or ".join(sorted(methods | classes) or sorted(verdict.targets))


def is_passive(call: Call) -> bool:
    """Whether a call on the reference asks for a refusal, or for what is left of the inputs, or does not count."""
    return isinstance(call.outcome, Raised) or call.name == "inputs_after" or call.observed


def is_answer(call: Call) -> bool:
    """Whether what is right of a call has numbers in it, which nobody gives who only refuses, or makes a shape."""
    return call.parts != (INPUTS,) and any(
        isinstance(got, Returned) and has_floats(got.value) for got, _ in call.judged
    )


def has_floats(value: Any) -> bool:
    if isinstance(value, (tuple, list)):
        return any(map(has_floats, value))
    if isinstance(value, dict):
        return any(map(has_floats, value.values()))
    return isinstance(value, float) or (hasattr(value, "dtype") and as_array(value).dtype.kind in "fc")
