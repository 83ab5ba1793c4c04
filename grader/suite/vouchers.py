"""Which checks vouch for a function: that it answers at all, where a check by itself would not show it.

A function that only raises passes every check of refusals, and one that does nothing leaves its inputs alone. So such
a check counts once the same function gives a right answer to another, by whatever probe: what counts is what a call
enters on the reference. A refusal of `forward` needs an answer of `forward`, one of `__init__` anything of the class.
"""

from __future__ import annotations

from collections.abc import Sequence

from grader.sandbox.protocol.calls import INPUTS, Raised
from grader.suite.fixtures import Call
from grader.suite.oracles import Trusted
from grader.suite.verdict import Verdict


class Vouchers:
    """Found out where it is asked, as it seldom matters."""

    def __init__(self, verdicts: Sequence[Verdict], reference: Trusted) -> None:
        """`verdicts`: those on the reference."""
        self._verdicts = {verdict.check.id: verdict for verdict in verdicts}
        self._reference = reference
        self._active: dict[str, set[str]] = {}
        self._found: dict[str, frozenset[str]] = {}

    def of(self, id: str) -> frozenset[str]:
        """The ids of the checks that vouch for a function of this one. None: it needs nobody, or there is none."""
        if id not in self._found:
            calls = self._verdicts[id].calls
            needed = [set(self._reference.entered(call.body)) for call in calls] if all(map(is_passive, calls)) else []
            active = self._entered_by_active() if needed else {}
            self._found[id] = frozenset(
                other for other, names in active.items() if any(each <= names for each in needed)
            )
        return self._found[id]

    def _entered_by_active(self) -> dict[str, set[str]]:
        """Id of each check that shows a right answer → what it enters to get it."""
        if not self._active:
            for id, verdict in self._verdicts.items():
                if calls := [call for call in verdict.calls if not is_passive(call) and call.parts != (INPUTS,)]:
                    self._active[id] = set().union(*(self._reference.entered(call.body) for call in calls))
        return self._active

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
