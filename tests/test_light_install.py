"""An install without torch: what needs none works, and what does says in one line what to install."""

import re
import tomllib
from importlib.metadata import requires, version
from pathlib import Path

import pytest

from grader import grade_source, open_course
from grader.authoring.check import check_course
from grader.authoring.distribution import requirements
from grader.sandbox import host
from grader.sandbox.host import SandboxError
from grader.sandbox.libraries import is_installed

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture
def without_torch(monkeypatch):
    monkeypatch.setattr(host, "is_installed", lambda name: name != "torch" and is_installed(name))


def test_torch_is_an_extra_and_the_tests_have_it():
    assert not [each for each in PROJECT["dependencies"] if each.startswith("torch")]
    extras = PROJECT["optional-dependencies"]
    assert [re.match(r"torch\b", each) is not None for each in extras["torch"]] == [True]
    assert "dl-grader[torch]" in extras["test"]


def test_a_numpy_exercise_is_graded_without_torch(without_torch):
    source = (ROOT / "solutions" / "softmax" / "reference.py").read_text(encoding="utf-8")
    assert grade_source(source, "softmax", seed=3).score == 100


def test_a_torch_exercise_says_what_to_install(without_torch):
    with pytest.raises(SandboxError) as raised:
        grade_source("", "lstm_cell", seed=3)
    assert str(raised.value) == (
        "This exercise needs torch, which is not installed here: pip install 'dl-grader[torch]'"
    )


def test_its_suite_is_not_collected_without_torch(without_torch):
    with pytest.raises(SandboxError, match="lstm_cell needs torch"):
        open_course(ROOT).exercise("lstm_cell").answer_key()


def test_the_course_check_goes_on_with_what_can_be_checked_without_torch(without_torch):
    found = check_course(open_course(ROOT), ["lstm_cell"])
    assert list(found) == [
        (
            "lstm_cell: not checked",
            ["lstm_cell: it needs torch, which is not installed here: pip install 'dl-grader[torch]'"],
        )
    ]


def test_what_is_passed_on_asks_for_the_torch_of_here():
    needed, torch = requirements()
    assert needed == [each for each in requires("dl-grader") if "extra" not in each]
    assert torch == [f"torch~={version('torch').partition('+')[0]}"]


def test_the_constraints_name_one_version_of_all_that_is_required():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = dict(line.split("==") for line in lines if not line.startswith("#"))
    names = {re.sub(r"[-_.]+", "-", name).lower() for name in pins}
    assert all(re.fullmatch(r"[0-9][0-9a-z.]*", pin) for pin in pins.values())  # no machine's own build
    extras = PROJECT["optional-dependencies"]
    wanted = {re.match(r"[\w-]+", each)[0] for each in [*PROJECT["dependencies"], *extras["torch"], *extras["test"]]}
    assert wanted - {"dl-grader"} <= names
