"""What an edit cannot reach is answered as the reference answers it, and everything else is asked."""

import pytest

from grader.sandbox.protocol.calls import encode_call
from grader.suite.edits import replace
from grader.suite.mistakes import module_of
from grader.suite.oracles import EditedVersions
from grader.suite.reachability import EVERYTHING, blocks, changed, reached

SOURCE = '''"""Text"""
import functools

SCALE = 2


def helper(
    x,
    shift=1,
):
    return x * SCALE + shift  # a line


class Layer:
    """At
    length."""

    factor = 3
    table = [
        1,
    ]

    def __init__(self, x):
        self.x = x

    def forward(self):
        def inner():
            return helper(self.x)

        return inner() * self.factor


@functools.cache
def alone(x):
    return x - 1


def layered(x):
    return Layer(x).forward()


def listed(x):
    return [helper(each) for each in [x]]
'''


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("x * SCALE", "x / SCALE", {"helper"}),
        ("shift=1", "shift=2", {"helper"}),
        ("):\n    return x * SCALE", ") -> float:\n    return x * SCALE", {"helper"}),
        ("self.x = x", "self.x = -x", {"Layer"}),
        ("inner() *", "inner() +", {"Layer"}),
        ("factor = 3", "factor = 4", {EVERYTHING}),
        ("        1,\n", "        2,\n", {EVERYTHING}),
        ("SCALE = 2", "SCALE = 3", {EVERYTHING}),
        ("@functools.cache\n", "", {EVERYTHING}),
        ("class Layer:", "class Layer(dict):", {"Layer"}),
        ("x - 1", "x - 2", {"alone"}),
        ("def alone", "def other():\n    return 0\n\n\ndef alone", {"other"}),
        ("def layered", "async def layered", {"layered"}),
        ("def layered(x):", "def levelled(x):", {"layered", "levelled"}),
        ("x - 1", "x - 1", set()),
    ],
)
def test_what_an_edit_changes(old, new, expected):
    assert SOURCE.count(old) == 1 or old == "x - 1"
    assert changed(SOURCE, SOURCE.replace(old, new)) == expected


def test_no_line_is_lost():
    assert sorted("".join(blocks(SOURCE).values())) == sorted(SOURCE)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("alone", {"alone"}), ("layered", {"layered", "Layer", "helper"}), ("listed", {"listed", "helper"})],
)
def test_what_a_call_reaches(name, expected):
    module = module_of(SOURCE, "sample")
    with reached("sample.py") as found:
        getattr(module, name)(7)
    assert found.names == expected | {EVERYTHING}
    with reached("other.py") as found:
        getattr(module, name)(8)
    assert (found.names, found.entered) == ({EVERYTHING}, set())


def test_what_a_call_enters_is_called_from_outside():
    module = module_of(SOURCE, "sample")
    with reached("sample.py") as found:
        module.layered(7)
    assert found.entered == {"layered"}
    with reached("sample.py") as found:
        module.Layer(7).forward()
        list(map(module.alone, [1, 2]))
    assert found.entered == {"Layer.__init__", "Layer.forward", "alone"}


def test_an_error_leaves_nothing_behind():
    import sys

    before = sys.gettrace()
    with pytest.raises(TypeError), reached("sample.py"):
        module_of(SOURCE, "sample").alone(None)
    assert sys.gettrace() is before


def test_only_what_an_edit_reaches_is_asked():
    sides = EditedVersions(SOURCE, "sample", {})
    wrong = sides.side((replace("x * SCALE", "x / SCALE"),))
    alone, layered, missing = (encode_call(name, (4,), {}) for name in ("alone", "layered", "missing"))
    assert wrong.perform(alone) is sides.reference.perform(alone)
    assert wrong.perform(missing) is sides.reference.perform(missing)
    assert (sides.reference.perform(layered).value, wrong.perform(layered).value) == (27, 9)
    constant = sides.side((replace("SCALE = 2", "SCALE = 3"),))
    assert constant.perform(layered).value == 39
