"""What is found out in advance for a class is what would be found out later."""

import os

from grader.diagnosis.agreement import agree
from grader.grading.examiner import Examiner
from grader.grading.precompute import precomputed
from grader.grading.settings import Settings
from grader.suite.oracles import Trusted


def test_every_side_foresees_what_it_would_answer(tiny_course):
    calls = Examiner(tiny_course.exercise("double")).plan(Settings(3)).calls
    asked, told = (list(Examiner(tiny_course.exercise("double")).diagnosis.each_side()) for _ in range(2))
    with precomputed([(side, calls) for side in told], jobs=2):
        assert not any(side.answers for side in told)
    assert any(side.answers for side in told)
    assert any(side.is_as_reference(call) for side in told for call in calls)  # nothing that it changes is called
    assert calls
    for one, other in zip(asked, told, strict=True):
        assert other.answers.keys() == {call for call in calls if not one.is_as_reference(call)}
        for call in calls:
            assert agree(one.perform(call), other.perform(call), {}) != "none"
            assert one.sketch(call) == other.sketch(call)


class Deadly(Trusted):
    def _perform(self, call):
        os._exit(1)


def test_a_mistake_that_ends_its_process_is_left_for_later():
    side = Deadly()
    with precomputed([(side, [b"call"])], jobs=2):
        pass
    assert side.answers == {}
