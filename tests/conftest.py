"""A course of one small exercise, for tests of the engine: `double(x)` and `halve(x)` in NumPy."""

import json
import signal
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest

import grader.cli.options  # noqa: F401  # first: torch then has one thread; those of two processes fight for the cores
from grader.course.course import Course
from grader.gradebook.store import Attempt, Gradebook, Key
from grader.grading.examiner import Examiner
from grader.grading.settings import Settings
from grader.report.html import render
from grader.report.page import write_page
from grader.result import CheckResult, Result
from grader.sandbox.host import Hosts
from grader.sandbox.limits import Limits
from grader.submissions.submission import Submission

signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where the tests are started in the background

FILES = {
    "exercises/double.py": '''
        """Twice and half

        >>> double(2.0)
        4.0
        """


        def double(x):
            """2x"""
            # TODO
            raise NotImplementedError("double")


        def halve(x):
            """x/2"""
            # TODO
            raise NotImplementedError("halve")
        ''',
    "solutions/double/reference.py": """
        import numpy as np


        def double(x):
            if np.ndim(x) > 2:
                raise ValueError("too many dimensions")
            return 2 * x


        def halve(x):
            half = 0.5
            return x * half
        """,
    "solutions/double/probes.py": """
        def shape_after(module, x):
            return list(module.double(x).shape)
        """,
    "solutions/double/test_double.py": '''
        import numpy as np
        import pytest


        @pytest.mark.points(40)
        @pytest.mark.hint("Multiply by two.")
        @pytest.mark.not_allowed("numpy.ldexp")
        @pytest.mark.parametrize("size", [3, 4])
        def test_double(agree, rng, size):
            """Doubles {size} numbers."""
            agree("double", rng.normal(size=size))


        @pytest.mark.points(10)
        def test_shape(agree, rng):
            """Keeps the shape."""
            agree("shape_after", rng.normal(size=(2, 3)))


        @pytest.mark.points(10)
        def test_rejects(agree, rng):
            """More than two dimensions raise ValueError."""
            agree("double", rng.normal(size=(2, 2, 2)))


        @pytest.mark.points(10)
        @pytest.mark.reveals("in_place")
        def test_unchanged(agree, rng):
            """Leaves its input alone."""
            agree("inputs_after", "double", rng.normal(size=3))


        @pytest.mark.points(30)
        def test_halve(submission, rng):
            """Halves."""
            x = rng.normal(size=3)
            assert np.allclose(submission.halve(x), x / 2), "not half"
        ''',
    "solutions/double/mistakes.py": """
        from grader.suite import Mistake, replace

        MISTAKES = [
            Mistake("squared", "Squared", "x*x is not 2x. Look at x = 3.", replace("return 2 * x", "return x * x")),
            Mistake(
                "tripled", "Tripled", "3x is not 2x. Count.", replace("return 2 * x", "return 3 * x"), textbook=True
            ),
            Mistake("wrong_half", "Not half", "A third is no half. Count.", replace("half = 0.5", "half = 1 / 3")),
            Mistake(
                "in_place",
                "Writes into its input",
                "x *= 2 changes the caller's array. Write 2 * x.",
                replace("return 2 * x", "x *= 2\\n    return x"),
            ),
        ]
        """,
}

RIGHT = """
def double(x):
    if x.ndim > 2:
        raise ValueError("no")
    return x + x

def halve(x):
    return x / 2
"""


@pytest.fixture(scope="session", autouse=True)
def _own_configuration(tmp_path_factory):
    """Tests neither see nor change which courses this machine's user trusts, or has named; nor do they fill the cache
    of templates, or leave processes behind. Where they run in CI, they grade as at a desk all the same."""
    changes = pytest.MonkeyPatch()
    changes.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("configuration")))
    changes.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
    changes.setenv("GRADER_WARM", "0")
    changes.delenv("GRADER_COURSE", raising=False)
    changes.delenv("CI", raising=False)
    yield
    changes.undo()


IDLE = 0.07  # seconds of CPU that `slowness` takes on an idle machine of today


def slowness() -> float:
    """How many times longer work of Python and of memory takes here and now than on an idle machine; 1 at least."""
    start = time.process_time()
    for _ in range(4):
        sum([number * number for number in range(200_000)])
        np.ones(4_000_000).sum()
    return max(1.0, (time.process_time() - start) / IDLE)


@pytest.fixture
def within():
    """Whether a time is within a bound that holds on an idle machine: a slower or a busy one gets as much longer as it
    is found to be slower."""
    return lambda seconds, bound: seconds < bound or seconds < bound * slowness()


@pytest.fixture
def wait_for():
    """Waits for a fact, however long a slow machine takes to make it one."""

    def wait(condition, seconds=300.0):
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, "it did not come about"
            time.sleep(0.02)

    return wait


@pytest.fixture
def tiny_course(tmp_path: Path) -> Course:
    for name, text in FILES.items():
        path = tmp_path / "course" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip(), encoding="utf-8")
    return Course(tmp_path / "course")


@pytest.fixture(scope="session")
def hosts():
    with Hosts() as running:
        yield running


@pytest.fixture
def examiner(tiny_course: Course) -> Examiner:
    return Examiner(tiny_course.exercise("double"))


@pytest.fixture
def grade_text(examiner: Examiner, hosts: Hosts):
    """Grades the text of a submission of the tiny exercise."""

    def run(text: str | bytes, seed: int = 0, seconds: float = 10.0, memory: int = 1024) -> Result:
        source = text.encode() if isinstance(text, str) else text
        submission = Submission("double.py", "double", source)
        return examiner.grade(submission, hosts.get(("numpy",)), Settings(seed, Limits(seconds, memory)))

    return run


@pytest.fixture
def class_book(tmp_path: Path):
    """A gradebook to write grades into by hand: `class_book.grade("ann", "week1", {"rows": (6, 10)})` has Ann hand in
    for week1, and get 6 of 10 in the check "rows"."""
    with ClassBook(tmp_path / "reports" / "gradebook.sqlite") as book:
        yield book


class ClassBook(Gradebook):
    def grade(
        self, student: str, exercise: str, checks: dict[str, tuple[float, float]], *, name: str = "", suite: str = "s1",
        source: str = "source", noted: float = 0.0, path: str = "",
    ) -> None:  # fmt: skip
        path = path or f"{student}/{exercise}.py"
        self.hand_in([Attempt(student, exercise, source, name or student, path, 100.0 + noted)], 7, noted)
        found = tuple(
            CheckResult(f"test_{id}", f"{id} is right.", "passed" if score == worth else "failed", score, worth)
            for id, (score, worth) in checks.items()
        )
        score, worth = (sum(each) for each in zip(*checks.values(), strict=True))
        result = Result(exercise, path, "graded", score, 7, student=student, max_score=worth, checks=found)
        report = f"{exercise}/{student}-{source}.html"
        write_page(render(result), self.path.parent / report)
        circumstances = '{"asked":[],"grader":"g1","platform":"here","versions":{},"walls":true}'
        key = Key(student, exercise, source, suite, 7, "10 s", circumstances)
        self.add(key, "graded", score, worth, json.dumps(result.to_json()), report)


@pytest.fixture
def right() -> str:
    """The text of a submission of the tiny exercise that gets full marks."""
    return RIGHT
