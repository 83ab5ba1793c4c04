"""A suite that pytest has collected once is run without it; what needs pytest is collected by it each time."""

import subprocess
import sys
import textwrap

import pytest

from grader.errors import SuiteError
from grader.suite import suite_cache
from grader.suite.check import Check
from grader.suite.collection import Collected, collect
from grader.suite.fixtures import CheckRun
from grader.suite.without_pytest import Plain

PLAIN = '''
import dataclasses

import numpy as np
import pytest
from pytest import mark

pytestmark = [pytest.mark.same_inputs("all")]
hard = pytest.mark.not_allowed("numpy.sort", "numpy.max")


@dataclasses.dataclass
class Shape:
    sides: "list[int]"


@hard
@pytest.mark.not_allowed("numpy.min")
@pytest.mark.points(12)
@pytest.mark.hint("look")
@pytest.mark.parametrize("dtype", [np.float32, None, 1.5, "wide", True, (1, 2)])
@pytest.mark.parametrize(("rows", "shape"), [(2, Shape([2])), (3, Shape([3]))], ids=["two", None])
def test_many(rng, rows, shape, dtype):
    """Each {dtype} of
    {rows}.

    More."""
    assert len(rng.random(rows)) == shape.sides[0]


@mark.hidden_input
@mark.points(0.1)
@mark.parametrize("size", {1: "few", 2: "many"}, ids=lambda size: f"<{size}>")
def test_hidden(size):
    """Said of {other}"""
    with pytest.raises(ZeroDivisionError):
        size / 0


def test_compares():
    assert [1, 2] == [1, 3]


def test_fails():
    pytest.fail("as it must")


test_data = [1, 2]


def helper():
    raise RuntimeError
'''


@pytest.fixture
def suite(tmp_path, monkeypatch):
    """Makes a suite of a text; nothing was kept before."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = tmp_path / "solutions" / "sample" / "test_sample.py"
    path.parent.mkdir(parents=True)

    def suite(text):
        path.write_text(textwrap.dedent(text))
        return path

    return suite


def found(path):
    """The checks as another process has them."""
    return suite_cache.checks_of(path, lambda: path.read_text().encode().hex()[:2000])


def outcome(check):
    try:
        check.run(CheckRun(check.id, None, None, 0, 1.0))
    except AssertionError as failure:
        return str(failure)
    return "passed"


def test_the_same_checks_come_of_it_without_pytest(suite):
    path = suite(PLAIN)
    first, again = found(path), found(path)
    assert {type(check) for check in first} == {Collected}
    assert {type(check) for check in again} == {Plain}
    assert list(map(suite_cache.told, again)) == list(map(suite_cache.told, first))
    assert (again[0].id, again[1].title, again[0].inputs) == ("test_many[two-float32]", "Each None of 2.", "all")
    assert [check.hidden_input for check in again[-4:]] == [True, True, False, False]
    said = list(map(outcome, again))
    assert said == list(map(outcome, first)) == ["passed"] * 14 + [said[-2], "as it must"]
    assert "[1, 2] == [1, 3]" in said[-2]
    assert "test_sample" not in sys.modules


def test_pytest_is_not_imported_for_it(suite):
    path = suite("import pytest\n\n\n@pytest.mark.points(3)\ndef test_x(rng):\n    assert rng is not None\n")
    code = f"import sys; from pathlib import Path; from grader.suite import suite_cache; path = Path({str(path)!r})\n"
    code += "checks = suite_cache.checks_of(path, lambda: 'd'); print(len(checks), 'pytest' in sys.modules)"
    said = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout for _ in range(2)]
    assert said == ["1 True\n", "1 False\n"]


@pytest.mark.parametrize(
    "text",
    [
        "@pytest.fixture\ndef base():\n    return 1\n\ndef test_x(base): pass",
        "class TestGroup:\n    def test_x(self): pass",
        "@pytest.mark.parametrize('n', [pytest.param(1, id='one')])\ndef test_x(n): pass",
        "@pytest.mark.parametrize('n', iter([1, 2]))\ndef test_x(n): pass",
        "@pytest.mark.parametrize('n', [1, 1])\ndef test_x(n): pass",
        "@pytest.mark.parametrize('n', ['ü', 'u'])\ndef test_x(n): pass",
        "@pytest.mark.parametrize('n', [1], scope='module')\ndef test_x(n): pass",
        "def pytest_generate_tests(metafunc): metafunc.parametrize('n', [1])\ndef test_x(n): pass",
        "def test_x(rng, seed=3): pass",
        "@pytest.mark.points(3)\nclass Helper: pass\ndef test_x(): Helper()",
    ],
)
def test_what_needs_pytest_is_collected_by_it(suite, text):
    path = suite(f"import pytest\n\n{text}\n")
    for _ in range(2):
        assert {type(check) for check in found(path)} == {Collected}
    assert not list(suite_cache.place_of(path).parent.iterdir())


@pytest.mark.parametrize("name", ["conftest.py", "sample/conftest.py", "sample/__init__.py"])
def test_what_lies_beside_it_for_pytest_is_pytests(suite, name):
    path = suite("def test_x(): pass\n")
    (path.parents[1] / name).write_text("")
    assert {type(check) for _ in range(2) for check in found(path)} == {Collected}


def test_an_edit_is_seen_and_what_is_spoilt_is_made_anew(suite):
    path = suite("def test_x(): pass\n")
    assert [type(check) for _ in range(2) for check in found(path)] == [Collected, Plain]
    suite("def test_y(): pass\n")
    assert [(type(check), check.id) for _ in range(2) for check in found(path)] == [
        (Collected, "test_y"),
        (Plain, "test_y"),
    ]
    place = suite_cache.place_of(path)
    place.write_bytes(place.read_bytes()[:-20])
    assert [type(check) for _ in range(2) for check in found(path)] == [Collected, Plain]
    place.parent.chmod(0o777)
    assert [type(check) for check in found(path)] == [Collected]


def test_what_changes_while_it_is_collected_is_not_kept(suite):
    path, digests = suite("def test_x(): pass\n"), iter(["before", "after"])
    suite_cache.checks_of(path, lambda: next(digests))
    assert not list(suite_cache.place_of(path).parent.iterdir())


def test_what_a_suite_looks_at_itself_is_looked_at_anew(suite, monkeypatch):
    path = suite("import os\nfor name in os.environ['NAMES'].split():\n    exec(f'def test_{name}(): pass')\n")
    monkeypatch.setenv("NAMES", "a b")
    assert [check.id for check in found(path)] == ["test_a", "test_b"]
    monkeypatch.setenv("NAMES", "b c")
    checks: tuple[Check, ...] = found(path)
    assert [(type(check), check.id) for check in checks] == [(Plain, "test_b"), (Plain, "test_c")]
    assert [check.id for check in collect(path)] == ["test_b", "test_c"]
    monkeypatch.setenv("NAMES", "")
    with pytest.raises(SuiteError):
        found(path)
