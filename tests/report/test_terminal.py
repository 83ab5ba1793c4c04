"""A result in the terminal: the first screen, widths, what folds."""

import click
import pytest

from grader.report import terminal
from grader.result import Cause, CheckResult, NamedMistake, Result

LONG = "A title of an exercise that is so long that no terminal of a usual width shows it in one line of its own"


def check(id, status="failed", message="got 1, expected 2", **more):
    title = f"The values of {id} are as they should be, which takes more than one line to say in most terminals."
    return CheckResult(id, title, status, 5.0 if status == "passed" else 0.0, 5.0, message, **more)


def mistake(number, *checks):
    explanation = "What is meant is told in a few sentences of some length. " * 6
    return NamedMistake(f"m{number}", f"Mistake number {number} of them", explanation, checks, "values", textbook=True)


def result(*checks, **more):
    score = sum(each.score for each in checks)
    best = sum(each.max_score for each in checks)
    return Result("e", "e.py", "graded", score, 1, max_score=best, title=LONG, checks=checks, **more)


def shown(monkeypatch, result, width=80, **more):
    monkeypatch.setenv("COLUMNS", str(width))
    return click.unstyle(terminal.summary(result, **more)).splitlines()


WRONG = result(
    check("a", place="line 3", hint="Look at `axis` once more, and at all the other axes that there are as well."),
    *(check(id, message="f raised KeyError: 'k' (line 9)", printed="x" * 300) for id in "bcdefg"),
    *(check(id, "passed", "") for id in "hij"),
    mistakes=tuple(mistake(number, "a") for number in range(5)),
    causes=(Cause("SyntaxError: no", "what to do now", "line 7", 7, "    " + "x = 1 + " * 30, (8, 9)),),
    notes=("Printed while the file was loaded: " + "y " * 200,),
)


@pytest.mark.parametrize("width", range(60, 121, 7))
def test_nothing_reaches_the_last_column(monkeypatch, width):
    full = result(*(check(id, "passed", "") for id in "abc"))
    for each in (WRONG, full):
        for verbose in (False, True):
            assert max(map(len, shown(monkeypatch, each, width, verbose=verbose))) < width


def test_the_first_screen_says_score_what_went_wrong_and_where_to_look(monkeypatch, tmp_path):
    lines = shown(monkeypatch, WRONG, report=tmp_path / "e.html")[:24]
    first = "\n".join(lines)
    for words in ["15 / 50", "e.html", "→ SyntaxError: no (line 7)", "→ Mistake number 4"]:
        assert words in first
    assert "(line\N{NO-BREAK SPACE}3)" in first


def test_a_cause_comes_with_its_line_and_a_caret(monkeypatch):
    cause = Cause("SyntaxError: expected ':'", "", "line 4", 4, "def f(x)", (8, 9))
    broken = result(
        check("a", "not_run", "not run: no file"), check("b", "not_run", "not run: no file"), causes=(cause,)
    )
    lines = shown(monkeypatch, broken)
    at = next(number for number, line in enumerate(lines) if "→" in line)
    assert lines[at : at + 3] == [
        "  → SyntaxError: expected ':' (line 4)",
        "    4 │ def f(x)",
        "      │         ^",
    ]
    assert "  ·      0/10  2 checks not run: no file" in lines


def test_what_is_the_same_is_told_once_and_what_passed_in_one_line(monkeypatch):
    lines = "\n".join(shown(monkeypatch, WRONG))
    assert lines.count("KeyError") == 1
    assert "the same in 6 checks (-v lists them)" in lines
    assert "3 checks passed (-v shows them)" in lines
    assert "The values of h" not in lines
    whole = "\n".join(shown(monkeypatch, WRONG, verbose=True))
    assert all(f"The values of {id}" in whole for id in "abcdefghij")
    assert "(-v" not in whole


def test_full_marks_show_every_check(monkeypatch):
    lines = "\n".join(shown(monkeypatch, result(check("a", "passed", ""), check("b", "passed", ""))))
    assert "The values of a" in lines
    assert "The values of b" in lines


@pytest.mark.parametrize("status", ["failed", "not_run"])
def test_one_line_names_file_and_exercise_and_why(status):
    one = result(check("a", status, "not run: it is late"))
    assert terminal.line(one) == "e.py: e: 0/5 (not run: it is late)"
    assert terminal.line(WRONG) == "e.py: e: 15/50 (SyntaxError: no (line 7))"
    assert terminal.line(result(check("a", "passed", ""))) == "e.py: e: 5/5"
