"""The pytest plugin of the suites: marks, and the fixtures for an author's own `pytest solutions/softmax`.

The grader calls the checks of a collected suite itself (grader.suite.collection) and hands them the fixtures of a
`CheckRun`. Under plain pytest the fixtures below do the same with the reference as the submission.
"""

from __future__ import annotations

from typing import Any

import pytest

MARKS = (
    "points(number): what the check is worth; shared out evenly over the cases of a parametrised check",
    "hint(text): shown to the student when the check fails",
    "not_allowed(*names): library calls that would do this check's work; calling one in any check loses its points",
    "not_allowed_within(*names): the same for calls made while this check runs, and no others",
    "hidden_input: feedback shows neither what the check fed in nor what it expected",
    "same_inputs(name): draws the inputs that all checks with this name draw",
    "reveals(mistake_id): the one mistake that alone can make this check fail with a value",
)


def pytest_configure(config: pytest.Config) -> None:
    for mark in MARKS:
        config.addinivalue_line("markers", mark)


@pytest.fixture
def check_run(request: pytest.FixtureRequest) -> Any:
    """A run of a check: the reference against itself."""
    from grader.course.course import Course

    exercise = Course.exercise_of(request.path)
    reference = exercise.reference_side()
    seed = 0
    from grader.suite.fixtures import CheckRun

    same = request.node.get_closest_marker("same_inputs")
    return CheckRun(same.args[0] if same else request.node.name, reference, reference, seed, seconds=60.0)


@pytest.fixture
def submission(check_run: Any) -> Any:
    """The student's module: `submission.softmax(x)` calls it in the worker."""
    return check_run.submission


@pytest.fixture
def reference(check_run: Any) -> Any:
    """The reference, called in the same way."""
    return check_run.reference


@pytest.fixture
def agree(check_run: Any) -> Any:
    """`agree(name, *args)`: the submission answers as the reference does."""
    return check_run.agree


@pytest.fixture
def observe(check_run: Any) -> Any:
    """`observe(name, *args)`: asks the submission and judges nothing; the answer helps to name a mistake."""
    return check_run.observe


@pytest.fixture
def rng(check_run: Any) -> Any:
    """A NumPy generator drawn from the seed of the run and the check's own name."""
    return check_run.rng
