"""Every exercise of the course passes its own course check, here with one seed; `grader check` takes five."""

from pathlib import Path

import pytest

from grader.authoring.check import SEEDS, check_exercise
from grader.course.course import Course

COURSE = Course(Path(__file__).parents[1])


@pytest.mark.parametrize("name", COURSE.names)
def test_exercise_is_proven(name, hosts):
    exercise = COURSE.exercise(name)
    assert check_exercise(exercise, hosts, SEEDS[:1]) == []


def test_stubs_and_solutions_mirror_each_other():
    stubs = {path.stem for path in (COURSE.root / "exercises").glob("*.py")}
    assert stubs == {path.parent.name for path in (COURSE.root / "solutions").glob("*/reference.py")}
    assert set(COURSE.names) <= stubs
