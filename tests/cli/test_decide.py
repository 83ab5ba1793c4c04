"""`grader override` and `grader comment`: whom and what they take, what they say, and how it is taken back."""

import json
import os
import subprocess
import sys

import pytest

from grader.cli import decide
from grader.cli.decide import Desk
from grader.gradebook.decisions import COMMENT, OVERRIDE, DecisionError
from grader.gradebook.roster import RosterError, person
from grader.gradebook.store import Class

HALF = {"rows": (2, 4), "row_sums": (3, 6)}


@pytest.fixture
def desk(class_book, monkeypatch):
    monkeypatch.setattr(decide, "titles_at_hand", lambda: {"week1": "The first week", "week9": "Not yet"})
    class_book.note_class(Class("/c", "folders", 0, "", False), {"ann": "Ann Lee", "k1": "Kim Ek", "k2": "Kim Ek"}, [])
    class_book.grade("ann", "week1", HALF, name="Ann Lee")
    class_book.grade("k1", "week1", HALF, name="Kim Ek")
    return Desk(class_book, "M. Meyer")


def counts(desk, who="ann"):
    return next(desk.gradebook.grades([who])).points


@pytest.mark.parametrize("who", ["ann", "ANN", "Ann Lee", "lee, ann"])
def test_a_student_is_found_by_id_and_name(desk, who, capsys):
    desk.override(who, "week1", None, 8.0, " Because.\n")
    assert counts(desk) == 8.0
    assert capsys.readouterr().out.splitlines() == [
        "Ann Lee (ann), week1: 8 of 10, by override of M. Meyer: Because; graded 5",
        f"Report: {desk.gradebook.path.parent}/week1/ann-source.html",
        f"Overview: {desk.gradebook.path.parent}/index.html",
    ]


@pytest.mark.parametrize(
    ("words", "error", "said"),
    [
        (
            ("Kim Ek", "week1", None, 8.0, "x"),
            RosterError,
            "Several are known as 'Kim Ek': name one of k1 (Kim Ek), k2",
        ),
        (("nobody", "week1", None, 8.0, "x"), RosterError, "Nobody is known as 'nobody'"),
        (("ann", "wek1", None, 8.0, "x"), DecisionError, "No exercise named 'wek1'. Did you mean 'week1'?"),
        (("ann", "week9", None, 8.0, "x"), DecisionError, "Nobody has a grade in week9"),
        (("ann", None, None, 8.0, "x"), DecisionError, "Name a student and an exercise"),
        (("ann", "week1", None, None, "x"), DecisionError, "Say what counts: --points N"),
        (("ann", "week1", None, 8.0, " "), DecisionError, "Say why"),
        (("ann", "week1", None, 11.0, "x"), DecisionError, "--points 11: week1 is worth 10; name a number from 0"),
        (("ann", "week1", None, float("nan"), "x"), DecisionError, "--points nan: "),
        (("ann", "week1", None, -1.0, "x"), DecisionError, "--points -1: "),
        (("ann", "week1", "rows", 5.0, "x"), DecisionError, "test_rows in week1 is worth 4"),
        (("ann", "week1", "row", 1.0, "x"), DecisionError, "Several checks of week1 are called 'row': name one of te"),
        (
            ("ann", "week1", "axis", 1.0, "x"),
            DecisionError,
            "No check of week1 is called 'axis': name one of test_r",
        ),
        (("k2", "week1", "rows", 1.0, "x"), DecisionError, "No check of week1 was run: leave out --check."),
    ],
)
def test_what_cannot_be_taken_is_told_in_one_line_and_nothing_is_written(desk, words, error, said):
    with pytest.raises(error) as caught:
        desk.override(*words)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert desk.gradebook.ledger().entries == []


def test_a_group_is_told_by_its_members(desk):
    desk.gradebook.note_class(Class("/w", "moodle", 0, "", True), {"55": "Team 1"}, [])
    desk.gradebook.set_roster([person(name, [("login", name)], team="Team 1") for name in ("bo", "cy")])
    for called in ("55", "team 1"):
        with pytest.raises(RosterError, match=r"is a group: name one of bo \(bo\), cy \(cy\)\."):
            Desk(desk.gradebook, "M.").people.find(called)


@pytest.mark.parametrize("check", ["test_rows", "rows", "Rows is right", "rows is"])
def test_checks_have_overrides_and_are_taken_back_one_by_one(desk, check, capsys):
    desk.override("ann", "week1", check, 4.0, "x")
    desk.override("ann", "week1", "row_sums", 6.0, "y")
    assert counts(desk) == 10.0
    with pytest.raises(DecisionError, match="name one with --check of test_row_sums, test_rows"):
        desk.undo(OVERRIDE, None, "ann", "week1", None, "")
    desk.override("ann", "week1", None, 1.0, "z")
    assert counts(desk) == 1.0
    desk.undo(OVERRIDE, None, "ann", "week1", None, "")
    desk.undo(OVERRIDE, None, "ann", "week1", check, "no")
    assert counts(desk) == 8.0
    assert "What counts now: 8 of 10, test_row_sums by override of M. Meyer: y; graded 5" in capsys.readouterr().out


def test_comments_are_for_an_exercise_or_for_all(desk, capsys):
    desk.comment(("ann", "week1", "Well done.\nMind the names."), None)
    desk.comment(("ann", "To all of it."), None)
    assert [each.text for each in next(desk.gradebook.grades(["ann"])).decisions.comments] == [
        "Well done.\nMind the names.",
        "To all of it.",
    ]
    assert "Ann Lee (ann), week1: Well done. Mind the names." in capsys.readouterr().out
    desk.undo(COMMENT, None, "ann", None, None, "")
    assert "Taken back: “To all of it.” (Ann Lee), number 2" in capsys.readouterr().out
    for words in (("ann",), ("ann", "week1"), ("ann", "week1", "a", "b"), ("ann", "week1", " ")):
        with pytest.raises(DecisionError):
            desk.comment(words, None)
    with pytest.raises(DecisionError, match="Name the exercise that the check is of"):
        desk.comment(("ann", "hm"), "rows")


def test_entries_are_listed_and_taken_back_by_number(desk, capsys):
    desk.override("ann", "week1", None, 8.0, "Because.")
    desk.override("k1", "week1", "rows", 4.0, "That as well.")
    capsys.readouterr()
    desk.show(OVERRIDE, None, None)
    shown = capsys.readouterr().out
    assert "   1  Ann Lee (ann), week1: 8 of 10 (graded 5)\n      Because.\n      M. Meyer, " in shown
    assert "   2  Kim Ek (k1), week1, test_rows: 4 of 4\n" in shown
    desk.undo(OVERRIDE, 1, None, None, None, "a slip")
    assert counts(desk) == 5.0
    for number, said in ((1, "is taken back already"), (9, "There is no entry 9")):
        with pytest.raises(DecisionError, match=said):
            desk.undo(OVERRIDE, number, None, None, None, "")
    desk.undo(OVERRIDE, 3, None, None, None, "")
    assert counts(desk) == 8.0
    desk.show(COMMENT, None, None)
    assert capsys.readouterr().err == "No comment is in force.\n"


def test_whoever_works_here_is_the_author_where_none_is_named(desk, monkeypatch):
    desk.author = None
    desk.override("ann", "week1", None, 8.0, "Because.")
    assert desk.gradebook.ledger().entries[0].author == decide.user_name() != ""
    monkeypatch.setattr(decide, "user_name", lambda: "")
    with pytest.raises(DecisionError, match="--author NAME"):
        desk.override("ann", "week1", None, 8.0, "Because.")


def test_a_class_that_is_graded_again_keeps_its_override(tiny_course, tmp_path, right):
    for student, text in (("ann", right), ("bo", right.replace("x + x", "x"))):
        (tmp_path / "class" / student).mkdir(parents=True)
        (tmp_path / "class" / student / "double.py").write_text(text)

    def run(*words):
        command = [sys.executable, "-m", "grader", *words] if words[0] != "grade" else [
            os.path.join(os.path.dirname(sys.executable), "grade"), *words[1:], "--course", str(tiny_course.root)
        ]  # fmt: skip
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300)

    run("grade", "class")
    done = run("override", "bo", "double", "--points", "50", "--reason", "By oral exam.", "--author", "M. Meyer")
    assert (done.returncode, done.stderr) == (0, "")
    suite = tiny_course.root / "solutions/double/test_double.py"
    suite.write_text(suite.read_text() + "\n")
    done = run("grade", "class")
    assert "bo, double: 50 of 100, by override of M. Meyer: By oral exam; graded" in done.stdout
    (report,) = (tmp_path / "reports/double").glob("bo-*.html")
    assert "By oral exam." in report.read_text()
    assert run("diff").returncode == 0
    made = json.loads(run("history", "bo", "--json").stdout)
    assert [event["kind"] for event in made["events"]] == ["handed in", "graded", "override", "graded"]
    done = run("override", "bo", "double", "--points", "500", "--reason", "x")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "Error: --points 500: double is worth 100" in done.stderr
