"""What a submission that does nothing passes, in whichever way it does nothing."""

from fractions import Fraction
from types import ModuleType

import pytest

from grader.suite.check import Check
from grader.suite.idle import Idling, idle_sides
from grader.suite.oracles import Local
from grader.suite.verdict import judge

SOURCE = "def half(x):\n    if x < 0:\n        raise ValueError('x')\n    return x / 2\n"


def said(module, x):
    try:
        return module.half(x)
    except ValueError:
        return "refused"


class Agrees(Check):
    def run(self, trial):
        trial.agree(self.title, float(self.id))


@pytest.mark.parametrize(
    ("probe", "x", "passes"),
    [("half", "3", False), ("said", "3", False), ("half", "0", True), ("half", "-3", True), ("said", "-3", True)],
)
def test_refusals_pass_also_where_a_probe_answers_with_a_word_for_them(probe, x, passes):
    module = ModuleType("half")
    exec(SOURCE, vars(module))
    reference = Local(module, {"said": said})
    check = Agrees(x, probe, Fraction(1), "", (), (), "", False)
    verdict = judge(check, reference, reference, 0, 1.0)
    idling = Idling([verdict], lambda: idle_sides(reference, ["half"]), reference)
    assert verdict.passed
    assert (x in idling) is passes
