"""What went wrong before any check: told first where checks fail for it, a note where none does."""

import json

import pytest

from grader.grading.settings import Settings
from grader.sandbox.limits import Limits
from grader.submissions.submission import submission


def statuses(result):
    return {check.status for check in result.checks}


def test_a_file_that_python_cannot_read_is_told_once(grade_text, right):
    result = grade_text(right.replace("def halve(x):", "def halve(x)"))
    (cause,) = result.causes
    assert (cause.message, cause.place) == ("SyntaxError: expected ':'", f"line {cause.line}")
    assert cause.code[slice(*cause.span)] == ""
    assert cause.span == (len(cause.code), len(cause.code) + 1)
    assert statuses(result) == {"not_run"}
    assert (result.score, result.notes) == (0.0, ())
    assert not any(check.hint for check in result.checks)


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("def double(x):\n    return 2 * * x\n", "*"),
        ("def double(x):\n    return (2 * x\n", "("),
        ("def double(x):\n    return 'a\n", "'"),
        ("def double(x):\n    return 2 x\n", "x"),
    ],
)
def test_the_characters_are_those_that_python_marks(grade_text, text, marked):
    (cause,) = grade_text(text).causes
    assert cause.code[slice(*cause.span)] == marked


def test_an_import_that_failed_is_the_cause_of_what_misses_it(grade_text, right):
    result = grade_text("from tools import twice\nfrom wrong import other\n" + right.replace("x + x", "twice(x)"))
    (cause,) = result.causes
    assert cause.message == "ModuleNotFoundError: No module named 'tools'"
    assert (cause.code, cause.place) == ("from tools import twice", "line 1")
    assert "tools.py beside it is not read" in cause.advice
    assert result.notes[0].startswith("Line 2 failed")
    messages = {check.message for check in result.checks if check.id.startswith("test_double")}
    assert messages == {"double raised NameError: name 'twice' is not defined (line 7)"}
    assert not any(check.hint for check in result.checks)


def test_names_on_further_lines_of_an_import_count(grade_text, right):
    result = grade_text("from tools import (\n    once,\n    twice,\n)\n" + right.replace("x + x", "twice(x)"))
    assert [cause.line for cause in result.causes] == [1]


def test_what_failed_first_is_the_cause_of_what_failed_for_it(grade_text, right):
    result = grade_text("from tools import base\ntwo = base + 1\n" + right.replace("x + x", "two * x"))
    assert [cause.line for cause in result.causes] == [1, 2]


def test_what_nothing_fails_for_is_a_note(grade_text, right):
    result = grade_text(right + "\nimport tools\n")
    assert result.full_marks
    assert result.causes == ()
    assert "No module named 'tools'" in result.notes[0]


def test_a_cell_that_python_cannot_read_is_the_cause_of_what_it_defined(examiner, hosts):
    cells = ["def double(x)\n    return 2 * x", "def halve(x):\n    return x / 2", "print('a' 'b' 1)"]
    made = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": cell} for cell in cells]
    text = json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    handed_in = submission("double.ipynb", "double", text.encode())
    result = examiner.grade(handed_in, hosts.get(("numpy",)), Settings(0))
    (cause,) = result.causes
    assert (cause.place, cause.code) == ("code cell 1, line 1", "def double(x)")
    assert "failed" in statuses(result)
    assert "passed" in statuses(result)
    assert "ode cell 3, line 1" in result.notes[0]


def test_a_statement_that_ends_the_process_is_left_out_and_noted(grade_text):
    result = grade_text("import os\nos._exit(3)\n")
    assert result.notes[0].startswith("The statement in line 2 was left out, as it ended the process")
    assert "double is not defined" in result.checks[0].message
    assert statuses(result) == {"failed"}


def test_what_is_stopped_in_its_checks_was_loaded(grade_text, right):
    leave = right.replace("return x + x", "import os; os._exit(1)")
    result = grade_text(leave)
    assert result.causes == ()
    assert "not_run" not in statuses(result)


def test_out_of_time_is_no_cause(examiner, hosts, right):
    handed_in = submission("double.py", "double", right.replace("return x + x", "while True: pass").encode())
    limits = Limits(check_seconds=0.5, submission_seconds=0.6)
    result = examiner.grade(handed_in, hosts.get(("numpy",)), Settings(0, limits))
    assert result.causes == ()
    assert not any("could not be loaded" in check.message for check in result.checks)
    assert "not_run" in statuses(result)


def test_causes_are_plain_values(grade_text):
    (cause,) = grade_text("def double(x)\n").to_json()["causes"]
    assert cause == {
        "message": "SyntaxError: expected ':'",
        "advice": "",
        "place": "line 1",
        "line": 1,
        "code": "def double(x)",
        "span": [13, 14],
    }


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("<<<<<<< HEAD\ndef double(x):\n    return 2 * x\n", "where two versions were merged"),
        ("```python\ndef double(x):\n    return 2 * x\n```\n", "between the fences"),
        (">>> def double(x):\n...     return 2 * x\n", "a prompt"),
        ("def double(x):\n    if x:\n        return x\n    else if x is None:\n        return 2 * x\n", "`elif`"),
        ("def double(x):\n    return 2 * x\n\x00", "no text in UTF-8"),
        ("def double(x):\n    return 2 * * x\n", ""),
    ],
)
def test_what_is_no_python_is_told_for_what_it_is(grade_text, text, advice):
    (cause,) = grade_text(text).causes
    assert advice in cause.advice
    assert bool(advice) == bool(cause.advice)
