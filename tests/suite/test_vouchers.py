"""What a function may pass without answering counts once it gives a right answer, to whatever probe asks for it."""

from pathlib import Path

import pytest

from grader.course.course import Course
from grader.grading.examiner import Examiner
from grader.grading.settings import Settings

COURSE = Course(Path(__file__).parents[2])
FEWEST = 3

REFERENCE = """
class Scale:
    def __init__(self, factor):
        if factor < 0:
            raise ValueError("negative")
        self.factor = factor

    def forward(self, x):
        if x.ndim != 1:
            raise ValueError("not one dimension")
        return scaled(x, self.factor)


def scaled(x, factor):
    return x * factor


def halve(x):
    return x / 2
"""
PROBES = """
def scale(module, x, factor):
    return module.Scale(factor).forward(x)


def scale_factor(module, factor):
    return module.Scale(factor).factor


def half_of(module, x):
    return module.halve(x)
"""
SUITE = """
import numpy as np
import pytest

pytestmark = pytest.mark.points(10)


def test_factor(agree, rng):
    agree("scale_factor", 3.0)


def test_negative_factor(agree, rng):
    agree("scale", rng.normal(size=3), -1)


def test_scale(agree, rng):
    agree("scale", rng.normal(size=3), 3)


def test_rank(agree, rng):
    agree("scale", rng.normal(size=(3, 2)), 3)


def test_scaled_leaves_alone(agree, rng):
    agree("inputs_after", "scaled", rng.normal(size=3), 2)


def test_half(agree, rng):
    agree("half_of", rng.normal(size=3))


def test_half_leaves_alone(agree, rng):
    agree("inputs_after", "halve", rng.normal(size=3))


def test_half_of_leaves_alone(agree, rng):
    agree("half_of", rng.normal(size=3), part="arguments after the call")
"""


@pytest.fixture
def vouchers(tiny_course):
    stub = "def halve(x): ...\ndef scaled(x, factor): ...\nclass Scale: ...\n"
    files = {"exercises/double.py": stub, "solutions/double/reference.py": REFERENCE}
    files |= {"solutions/double/probes.py": PROBES, "solutions/double/test_double.py": SUITE}
    for name, text in files.items():
        (tiny_course.root / name).write_text(f"{text}\n")
    (tiny_course.root / "solutions/double/mistakes.py").write_text("MISTAKES = []\n")
    return Examiner(tiny_course.exercise("double")).plan(Settings(0)).vouchers


@pytest.mark.parametrize(
    ("check", "expected", "functions"),
    [
        ("test_negative_factor", {"test_factor", "test_scale"}, "Scale"),
        ("test_rank", {"test_scale"}, "Scale.forward"),
        ("test_half_leaves_alone", {"test_half"}, "halve"),
        ("test_scaled_leaves_alone", set(), "scaled"),  # that forward uses it is the reference's own affair
        ("test_scale", set(), "Scale.forward"),  # it answers by itself
    ],
)
def test_what_vouches_enters_the_same_functions(vouchers, check, expected, functions):
    assert (vouchers.of(check), vouchers.functions(check)) == (expected, functions)


@pytest.mark.parametrize("name", COURSE.names)
def test_no_check_of_the_course_rests_on_one_or_two_others(name):
    plan = Examiner(COURSE.exercise(name)).plan(Settings(0))
    assert {id for id in plan.passive if 0 < len(plan.vouchers.of(id)) < FEWEST} == set()
