"""What is told of a result, and in which order."""

import numpy as np
import pytest

from grader.report.findings import excerpt, findings
from grader.result import Cause, CheckResult, Difference, NamedMistake, Result
from grader.text import count


def check(id, status="failed", message="wrong", **more):
    return CheckResult(id, f"Title {id}", status, 1.0 if status == "passed" else 0.0, 1.0, message, **more)


def result(*checks, **more):
    return Result("e", "e.py", "graded", 0.0, 1, checks=checks, **more)


MISTAKE = NamedMistake("m", "Summed twice", "Once is enough.", ("a",), "values")


def test_checks_that_failed_alike_are_one_group():
    found = findings(result(check("a"), check("b", "passed"), check("c"), check("d", message="other"), check("e")))
    assert [[each.id for each in group.checks] for group in found.groups] == [["a", "c", "e"], ["d"]]
    assert [group.alike for group in found.groups] == ["the same in 3 checks", ""]
    assert found.groups[0].worth == "0/3"
    assert found.passed_in_short == "1 check passed"


def test_other_hints_and_own_pictures_are_told_by_themselves():
    picture = Difference("", np.zeros(2), np.ones(2))
    found = findings(result(check("a"), check("b", hint="look"), check("c", difference=picture)))
    assert len(found.groups) == 3


def test_titles_are_told_of_a_few():
    assert findings(result(check("a"), check("b"))).groups[0].titles == ("Title a", "Title b")
    assert findings(result(*map(check, "abcd"))).groups[0].titles == ()


@pytest.mark.parametrize(
    ("shown", "headline"),
    [
        (result(check("a"), mistakes=(MISTAKE,), causes=(Cause("E: no", place="line 2"),)), "E: no (line 2)"),
        (result(check("a"), mistakes=(MISTAKE,)), "Summed twice"),
        (result(check("a", message="x"), check("b"), check("c")), "wrong (the same in 2 checks)"),
        (result(check("a", "not_run", "not run: late")), "not run: late"),
        (result(check("a", "passed")), ""),
        (result(), ""),
    ],
)
def test_the_headline_is_the_cause_then_the_name_then_what_costs_most(shown, headline):
    assert findings(shown).headline == headline


@pytest.mark.parametrize(
    ("cause", "lines"),
    [
        (Cause("", line=12, code="    return 2 x", span=(11, 14)), ["12 │ return 2 x", "   │        ^^^"]),
        (Cause("", line=3, code="\tx = (\t1", span=(5, 6)), ["3 │ x = ( 1", "  │     ^"]),
        (Cause("", line=3, code="import a"), ["3 │ import a"]),
        (Cause("", line=3, code=" \xa0x", span=(1, 2)), ["3 │ \xa0x", "  │ ^"]),
        (Cause("", "", "code cell 2, line 3", 19, "x", (0, 1)), ["3 │ x", "  │ ^"]),
        (Cause("", line=3, code="", span=(0, 1)), []),
    ],
)
def test_a_caret_stands_below_what_is_meant(cause, lines):
    assert excerpt(cause) == lines


def test_numbers_of_things():
    assert (count(1, "check"), count(2, "check"), count(0, "check")) == ("1 check", "2 checks", "0 checks")
