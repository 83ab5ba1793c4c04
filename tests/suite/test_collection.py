"""Suites are collected by pytest and run without it."""

import os
import sys
import textwrap

import numpy as np
import pytest

from grader.errors import SuiteError
from grader.suite.collection import collect
from grader.suite.compare import Mismatch
from grader.suite.fixtures import CheckRun

SUITE = '''
import pytest

calls = []


@pytest.fixture
def base(rng):
    """A fixture of the suite that uses one of the grader's."""
    calls.append("set up")
    yield rng.integers(100)
    calls.append("torn down")


@pytest.fixture(params=[1, 2])
def factor(request):
    return request.param


@pytest.mark.points(10)
@pytest.mark.hint("look")
@pytest.mark.parametrize("n", [1, 2, 3, 4], ids=str)
def test_plain(base, n):
    """Case {n} of
    four.

    More."""
    assert base >= 0 and n > 0
    calls.append(n)


class TestGroup:
    @pytest.mark.points(5)
    @pytest.mark.not_allowed("a.b", "c.d")
    @pytest.mark.reveals("it")
    def test_method(self, factor):
        """In a class"""
        assert factor in (1, 2)


@pytest.mark.points(3)
def test_fails():
    """Fails"""
    assert 1 + 1 == 3, "sums are off"


def helper():
    raise RuntimeError
'''


@pytest.fixture
def checks(tmp_path):
    path = tmp_path / "test_sample.py"
    path.write_text(textwrap.dedent(SUITE))
    return collect(path)


def check_run(check):
    return CheckRun(check.id, None, None, 0, 1.0)


def test_checks_carry_what_the_marks_say(checks):
    assert [check.id for check in checks] == [
        *(f"test_plain[{n}]" for n in (1, 2, 3, 4)),
        *(f"test_method[{n}]" for n in (1, 2)),
        "test_fails",
    ]
    plain, method = checks[0], checks[4]
    assert (plain.title, plain.hint, float(plain.points)) == ("Case 1 of four.", "look", 2.5)
    assert (method.title, method.not_allowed, method.reveals) == ("In a class (1)", ("a.b", "c.d"), "it")
    assert sum(check.points for check in checks) == 18


def test_running_a_check_sets_its_fixtures_up_and_down(checks):
    log = checks[0].item.module.calls
    log.clear()
    checks[1].run(check_run(checks[1]))
    assert log == ["set up", 2, "torn down"]
    checks[4].run(check_run(checks[4]))


def test_a_failing_check_raises_what_the_test_raises(checks):
    with pytest.raises(AssertionError, match="sums are off"):
        checks[-1].run(check_run(checks[-1]))


def test_inputs_depend_on_the_seed_and_on_the_check():
    def draw(check_id, seed):
        return CheckRun(check_id, None, None, seed, 1.0).rng.random(3).tolist()

    assert draw("a", 1) == draw("a", 1)
    assert draw("a", 1) != draw("a", 2)
    assert draw("a", 1) != draw("b", 1)


@pytest.mark.parametrize("text", ["def broken(:", "import nothing_of_this_name", "x = 1", "def test_x(unknown): pass"])
def test_a_suite_that_cannot_be_used_is_told(tmp_path, text):
    path = tmp_path / "test_sample.py"
    path.write_text(text)

    def use():
        for check in collect(path):
            check.run(check_run(check))

    with pytest.raises(SuiteError, match=r"sample|unknown"):
        use()


def test_rewritten_asserts_say_what_was_compared(tmp_path):
    path = tmp_path / "test_sample.py"
    path.write_text("def test_x():\n    assert [1, 2] == [1, 3]\n")
    (check,) = collect(path)
    with pytest.raises(AssertionError, match=r"\[1, 2\] == \[1, 3\]"):
        check.run(check_run(check))


def test_agree_compares_with_the_reference(examiner):
    reference = examiner.diagnosis.reference
    run = CheckRun("x", reference, reference, 0, 1.0)
    np.testing.assert_array_equal(run.agree("double", np.ones(2)), [2.0, 2.0])
    assert run.agree("double", np.ones((1, 1, 1))) is None
    wrong = CheckRun(
        "x", examiner.diagnosis.side(examiner.diagnosis.mistakes["tripled"].variants[0]), reference, 0, 1.0
    )
    with pytest.raises(Mismatch, match="got 3, expected 2"):
        wrong.agree("double", np.ones(2))
    with pytest.raises(Mismatch, match="got 3, expected 2"):
        wrong.agree("double", np.ones(2), rtol=0.1)
    wrong.agree("double", np.ones(2), rtol=0.6)


def test_what_is_set_for_runs_of_pytest_is_not_taken(tmp_path, monkeypatch):
    path = tmp_path / "solutions" / "one" / "test_one.py"
    path.parent.mkdir(parents=True)
    path.write_text('def test_values(agree):\n    """Right."""\n')
    monkeypatch.setenv("PYTEST_ADDOPTS", "--durations=3 -rf -k nothing")
    monkeypatch.setenv("PYTEST_PLUGINS", "no_such_plugin")
    assert [check.id for check in collect(path)] == ["test_values"]
    assert (os.environ["PYTEST_ADDOPTS"], os.environ["PYTEST_PLUGINS"]) == (
        "--durations=3 -rf -k nothing",
        "no_such_plugin",
    )


def test_each_suite_has_its_own_conftest_also_in_packages_of_one_name_and_after_an_edit(tmp_path):
    def told(course, word):
        folder = tmp_path / course / "solutions" / "double"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "__init__.py").write_text("")
        (folder / "words.py").write_text(f"WORD = {word!r}\n")
        text = "from .words import WORD\nimport pytest\n\n@pytest.fixture\ndef word():\n    return WORD\n"
        (folder / "conftest.py").write_text(text)
        path = folder / "test_double.py"
        path.write_text("def test_word(word):\n    raise LookupError(word)\n")
        (check,) = collect(path)
        with pytest.raises(LookupError) as raised:
            check.run(CheckRun(check.id, None, None, 0, 1.0))
        return str(raised.value)

    before = set(sys.modules)
    assert [told("one", "first"), told("two", "second"), told("one", "edited")] == ["first", "second", "edited"]
    assert sys.modules.keys() - before == set()
