"""Doing nothing earns nothing, also through an author's own probes, and neither does what a probe has at hand."""

import textwrap

import pytest

from grader.authoring.check import check_exercise
from grader.course.course import Course
from grader.grading.examiner import Examiner
from grader.grading.settings import Settings
from grader.sandbox.protocol.calls import Raised, Returned, attempt, part_of
from grader.submissions.submission import Submission

SUITE = '''
    import pytest


    @pytest.mark.points(40)
    @pytest.mark.same_inputs("both")
    def test_double(agree, rng):
        """Doubles."""
        agree("both", rng.normal(size=3), part="double")


    @pytest.mark.points(30)
    @pytest.mark.same_inputs("both")
    def test_halve(agree, rng):
        """Halves."""
        agree("both", rng.normal(size=3), part="halve")


    @pytest.mark.points(20)
    @pytest.mark.same_inputs("both")
    def test_unchanged(agree, rng):
        """Leaves its input alone."""
        agree("both", rng.normal(size=3), part=("inputs", 0))


    @pytest.mark.points(10)
    def test_zero(agree):
        """Zero is zero."""
        agree("of_zero")
    '''

PROBES = """
    import numpy as np


    def both(module, x):
        return {
            "double": attempt(module, module.double, x.copy()),
            "halve": attempt(module, module.halve, x.copy()),
            "inputs": [x] if module.double(x) is not None else [],
        }


    def of_zero(module):
        return module.double(np.zeros(3))
    """

ANSWER = """

    def _twice(x):
        return 2 * x
    """


@pytest.fixture
def course(tiny_course):
    folder = tiny_course.root / "solutions/double"
    (folder / "test_double.py").write_text(textwrap.dedent(SUITE).lstrip())
    (folder / "probes.py").write_text(textwrap.dedent(PROBES).lstrip())
    return tiny_course


@pytest.fixture
def grade(course, hosts):
    examiner = Examiner(course.exercise("double"))

    def run(text):
        submission = Submission("double.py", "double", textwrap.dedent(text).encode())
        return examiner.grade(submission, hosts.get(("numpy",)), Settings(3))

    return run


@pytest.mark.parametrize("answer", ["x", "None", "x.copy()", "0 * x", "0 * x + 1", "(x, x)"])
def test_doing_nothing_earns_nothing(grade, answer):
    result = grade(f"def double(x):\n    return {answer}\n\ndef halve(x):\n    return {answer}\n")
    assert result.score == 0


def test_what_nothing_passes_counts_beside_a_right_answer(grade):
    assert grade("def double(x):\n    return x\n\ndef halve(x):\n    return x / 2\n").score == 60


def test_a_part_that_fails_costs_the_others_nothing(grade):
    result = grade("def double(x):\n    return x + x\n\ndef halve(x):\n    raise KeyError('no')\n")
    assert result.score == 70
    assert [check.message for check in result.checks if check.status == "failed"] == [
        "your code raised KeyError: 'no' (line 5)"
    ]
    assert [check.line for check in result.checks if check.status == "failed"] == [5]


def test_a_call_that_is_judged_in_parts_is_made_once(grade):
    counting = """
        calls = 0

        def double(x):
            global calls
            calls += 1
            return x + x if calls == 1 else None

        def halve(x):
            return x / 2
        """
    # The first call is that of `attempt`, the second that for the inputs; a call made anew would double nothing.
    by_id = {check.id: check.status for check in grade(counting).checks}
    assert by_id == {"test_double": "passed", "test_halve": "passed", "test_unchanged": "failed", "test_zero": "failed"}


def test_the_course_check_names_the_helper_that_is_an_answer(course, hosts):
    exercise = course.exercise("double")
    assert not any("gives points" in finding for finding in check_exercise(exercise, hosts, [0]))
    with exercise.folder.joinpath("probes.py").open("a") as file:
        file.write(textwrap.dedent(ANSWER))
    anew = Course(course.root).exercise("double")
    found = [finding for finding in check_exercise(anew, hosts, [0]) if "gives points" in finding]
    assert found
    assert all("`_twice`" in finding for finding in found)


def test_a_part_is_found_or_agrees_with_nothing():
    whole = Returned({"a": [1, {"raised": [["KeyError", "Exception"], "no", 5]}], "b": {"raised": "of another form"}})
    assert part_of(whole, ("a", 0), b"") == Returned(1)
    assert part_of(whole, ("a", 1), b"") == Raised(("KeyError", "Exception"), "no", 5)
    assert part_of(whole, ("b",), b"") == Returned({"raised": "of another form"})
    for path in [("c",), ("a", 2), ("a", "a"), ("a", 0, 0)]:
        assert "an answer without" in part_of(whole, path, b"").value.description


def test_an_attempt_tells_the_line_of_the_module(right):
    from grader.suite.mistakes import module_of

    module = module_of("def double(x):\n    return x['no']\n", "double")
    assert attempt(module, module.double, {}) == {"raised": [["KeyError", "LookupError", "Exception"], "'no'", 2]}
