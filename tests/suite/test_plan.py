"""What a suite will ask is known from the reference, and a check that only compares need not be run again."""

import pytest

from grader.grading.examiner import Examiner
from grader.grading.settings import Settings
from grader.submissions.submission import Submission
from grader.suite.check import Recorded
from grader.suite.plan import record
from grader.suite.verdict import judge

SUITE = """
    import numpy as np
    import pytest

    pytestmark = pytest.mark.points(20)


    def test_double(agree, rng):
        agree("double", rng.normal(size=3))


    def test_refuses(agree, rng):
        agree("double", rng.normal(size=(2, 2, 2)))


    def test_uses_the_answer(agree, rng):
        assert agree("double", rng.normal(size=3)).shape == (3,)


    def test_passes_the_answer_on(agree, rng):
        agree("double", agree("double", rng.normal(size=3)))


    def test_tries_again(agree, rng):
        try:
            agree("double", rng.normal(size=3))
        except TypeError:
            agree("double", rng.normal(size=2))


    def test_says_it_otherwise(agree, rng):
        try:
            agree("double", rng.normal(size=3))
        except AssertionError:
            pytest.fail("in other words")


    def test_observes(agree, observe, rng):
        observe("halve", np.ones(3))
        observe("missing", 1)
        agree("double", rng.normal(size=3))


    def test_asks_the_submission(submission, rng):
        x = rng.normal(size=3)
        assert np.allclose(submission.halve(x), x / 2)
    """


@pytest.fixture
def suite(tiny_course):
    import textwrap

    path = tiny_course.root / "solutions/double/test_double.py"
    path.write_text(textwrap.dedent(SUITE).lstrip())
    return path


def recorded(examiner):
    plan = record(examiner.plan(Settings(0)), examiner.diagnosis.reference, 0, 10.0)
    return {check.id: check for check in plan.checks if isinstance(check, Recorded)}


def test_only_checks_that_compare_and_nothing_else_are_recorded(suite, examiner):
    assert set(recorded(examiner)) == {
        "test_double",
        "test_refuses",
        "test_observes",
    }


def test_a_recorded_check_has_the_verdict_of_the_check_itself(examiner):
    reference = examiner.diagnosis.reference
    replaced = recorded(examiner)
    sides = [
        examiner.diagnosis.side(edits) for mistake in examiner.diagnosis.mistakes.values() for edits in mistake.variants
    ]
    assert replaced
    for check in examiner.checks:
        for side in [reference, *sides]:
            if check.id in replaced:
                run = judge(check, side, reference, 0, 10.0)
                replayed = judge(replaced[check.id], side, reference, 0, 10.0)
                assert (run.status, run.message) == (replayed.status, replayed.message)
                assert [call.body for call in run.calls] == [call.body for call in replayed.calls]


def test_a_check_that_the_reference_fails_is_the_grader_s_fault(tiny_course, hosts, right):
    path = tiny_course.root / "solutions/double/reference.py"
    path.write_text(path.read_text().replace("half = 0.5", "half = 0.4"))
    submission = Submission("double.py", "double", right.encode())
    result = Examiner(tiny_course.exercise("double")).grade(submission, hosts.get(("numpy",)), Settings(0))
    assert (result.status, result.score) == ("error", None)
    assert "the reference fails this check with seed 0" in result.error
