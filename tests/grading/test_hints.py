"""A hint is for who gave an answer, and fits the failure."""

import pytest


def hints(result):
    return {check.id: check.hint for check in result.checks if check.hint}


def test_a_stub_gets_none(grade_text):
    stub = 'def double(x):\n    raise NotImplementedError("double")\n\n\ndef halve(x):\n    raise NotImplementedError\n'
    result = grade_text(stub)
    assert hints(result) == {}
    messages = {check.message for check in result.checks}
    assert messages == {"double is not written yet", "halve is not written yet"}


@pytest.mark.parametrize("body", ["pass", "return None", "return y", "raise OSError", "x.twice()", "yield x"])
def test_what_gives_no_answer_gets_none(grade_text, right, body):
    assert hints(grade_text(right.replace("return x + x", body))) == {}


def test_a_wrong_answer_gets_its_own(grade_text, right):
    assert set(hints(grade_text(right.replace("x + x", "x + 1"))).values()) == {"Multiply by two."}


def test_a_missing_return_is_told(grade_text, right):
    result = grade_text(right.replace("return x + x", "y = x + x"))
    told = {check.message for check in result.checks if check.id.startswith("test_double")}
    assert told == {"double returned None: is a `return` missing?"}


@pytest.mark.parametrize("body", ["return twice(x)", "return x.twice()", "return open('a')"])
def test_an_error_that_is_no_refusal_is_told_alike_where_one_was_expected(grade_text, right, body):
    result = grade_text(right.replace("if x.ndim > 2:", "if True:").replace('raise ValueError("no")', body))
    told = {check.message for check in result.checks if check.message.startswith("double")}
    assert len(told) == 1
