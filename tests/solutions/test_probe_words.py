"""Of every probe a message can tell what it asks of the student's code."""

import re

import pytest

from grader.course.course import Course, built_in
from grader.suite.wording import phrases

COURSE = Course(built_in())


@pytest.mark.parametrize("name", COURSE.names)
def test_every_probe_says_what_it_asks_for(name):
    exercise = COURSE.exercise(name)
    takes_module = set(re.findall(r"^def ([a-z]\w*)\(module\b", exercise.probes, re.MULTILINE))
    probes = {probe: said for probe, said in phrases(exercise.probes, exercise.names).items() if probe in takes_module}
    assert [probe for probe, said in probes.items() if not said] == []
    assert [said for said in probes.values() if len(said) > 120 or any(f"{probe}(" in said for probe in probes)] == []
