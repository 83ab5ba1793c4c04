"""What a submission that does nothing passes, in whichever way it does nothing."""

from fractions import Fraction
from types import ModuleType

import pytest

from grader.suite.check import Check
from grader.suite.idle import Idling, idle_sides
from grader.suite.oracles import Local
from grader.suite.verdict import judge


def said(module, *args):
    try:
        return module.f(*args)
    except ValueError:
        return "refused"


class Agrees(Check):
    def run(self, trial):
        trial.agree(self.title, *self.arguments)


HALF = "def f(x):\n    if x < 0:\n        raise ValueError('x')\n    return x / 2\n"
ABOVE = "def f(x, most, least):\n    return [place for place, value in enumerate(x) if value > least][:most]\n"
CUT = "def f(x, most, least):\n    return min(x, most)\n"
RATE = "def f(step, end, least):\n    return max(1 - step / end, least)\n"


@pytest.mark.parametrize(
    ("source", "probe", "arguments", "passes"),
    [
        (HALF, "f", (3.0,), False),
        (HALF, "f", (-3.0,), True),
        (HALF, "said", (3.0,), False),
        (HALF, "said", (-3.0,), True),  # a probe that answers with a word for the refusal
        (RATE, "f", (3, 9, 0.1), False),
        (RATE, "f", (9, 9, 0.1), True),  # the last argument
        (ABOVE, "f", ([3.0, 1.0, 4.0], 2, 0.0), False),
        (ABOVE, "f", ([3.0, 1.0, 4.0], 2, 5.0), True),  # an empty list
        (CUT, "f", (7.0, 5.0, 9.0), True),  # the second argument
    ],
)
def test_what_is_right_where_nothing_is_done(source, probe, arguments, passes):
    module = ModuleType("f")
    exec(source, vars(module))
    reference = Local(module, {"said": said})
    check = Agrees("id", probe, Fraction(1), "", (), (), "", False)
    object.__setattr__(check, "arguments", arguments)
    verdict = judge(check, reference, reference, 0, 1.0)
    assert verdict.passed
    assert ("id" in Idling([verdict], lambda: idle_sides(reference, ["f"]), reference)) is passes
