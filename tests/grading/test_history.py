"""A history tells every attempt, grade and decision in order of time, and what each followed from."""

import json
import time

import pytest

from grader.cli.history_lines import lines_of_history
from grader.gradebook.decisions import COMMENT, OVERRIDE, UNDO, Entry, ids_of
from grader.gradebook.store import Attempt, Class, Unplaced
from grader.grading.history import history


@pytest.fixture
def told(class_book):
    """Ann's, who handed in twice and complained."""
    class_book.grade("ann", "week1", {"rows": (2, 4)}, name="Ann Lee")
    class_book.grade("ann", "week1", {"rows": (3, 4)}, name="Ann Lee", suite="s2")
    class_book.grade("ann", "week1", {"rows": (3, 4)}, name="Ann Lee", suite="s2")
    bound = ids_of("ann", class_book.people())
    common = {"name": "Ann Lee", "bound": bound, "author": "M. Meyer"}
    fields = common | {"exercise": "week1", "check": "test_rows", "points": 4.0, "out_of": 4.0}
    number = class_book.write_entry(Entry(OVERRIDE, text="Right\nafter all.", made=time.time(), **fields))
    class_book.write_entry(Entry(UNDO, text="", made=time.time(), undoes=number, **fields))
    class_book.write_entry(Entry(COMMENT, text="Mind the names.", exercise="", made=time.time(), **common))
    class_book.grade("ann", "week2", {"rows": (4, 4)}, name="Ann Lee")
    class_book.grade("bo", "week1", {"rows": (4, 4)})
    return class_book


def of(book, exercise=""):
    return history(book, book.people().find("Ann Lee"), exercise)


def test_everything_is_told_in_order_of_time(told):
    events = of(told, "week1").events
    assert [(event.kind, event.exercise) for event in events] == [
        ("handed in", "week1"), ("graded", "week1"), ("graded", "week1"), ("graded", "week1"),
        ("override", "week1"), ("undo", "week1"), ("comment", ""),
    ]  # fmt: skip
    graded = [event.facts for event in events if event.kind == "graded"]
    assert [(each["score"], each["because"], each["counts"]) for each in graded] == [
        (2.0, "", False),
        (3.0, "the suite of week1 changed", False),
        (3.0, "asked for, with everything as it was", True),
    ]
    assert {event.exercise for event in of(told).events} == {"", "week1", "week2"}
    assert json.loads(json.dumps(of(told).written()))["grades"][0]["points"] == 3.0


def test_it_is_told_in_lines(told):
    text = "\n".join(lines_of_history(of(told)))
    for said in (
        "Ann Lee (ann), times in ", "week1: 3 of 4\n", "handed in ann/week1.py\n", "source source, as ann\n",
        "graded 2 of 4\n", "anew: the suite of week1 changed\n", "suite s2, seed 7", "this result counts",
        "override test_rows 4 of 4 (taken back later)\n", "Right after all.\n", "M. Meyer, number 1\n",
        "number 1 taken back\n", "comment\n", "Mind the names.\n",
    ):  # fmt: skip
        assert said in text
    assert max(len(line) for line in text.split("\n")) <= 80


def test_what_is_not_known_or_not_graded_is_said(class_book):
    lost = Unplaced("/c/ann/a.pdf", "a pdf", "ann", "ann", "week1", lost=True)
    class_book.note_class(Class("/c", "folders", 0, "", False), {"ann": "ann"}, [lost])
    class_book.hand_in([Attempt("ann", "week2", "d" * 64, "ann", "ann/x.py", 1.0, dated=False)], 7, 50.0)
    text = "\n".join(lines_of_history(history(class_book, class_book.people().find("ann"))))
    assert "time not known       not graded: /c/ann/a.pdf\n                       a pdf" in text
    assert "time not known       handed in ann/x.py\n                       source dddddddd, as ann" in text
