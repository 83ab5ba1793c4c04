"""What is decided is in the student's report and on the page of the class, and nothing else of them changes."""

import time
from dataclasses import replace

import pytest

from grader.gradebook.decisions import COMMENT, OVERRIDE, UNDO, Entry, ids_of
from grader.gradebook.roster import person
from grader.gradebook.store import Class, GradebookError
from grader.report.class_overview import render as page_of_class
from grader.report.decided import refresh, refresh_all, with_decisions
from grader.report.html import render
from grader.result import Result

HALF = {"rows": (2, 4), "scale": (3, 6)}
EVIL = "<script>alert(1)</script></section>\x1b[31m\u202e"


def decide(book, who, kind=OVERRIDE, points=8.0, text="Two lines were right.", exercise="week1", **fields):
    given = {"points": points, "out_of": 10.0} if kind == OVERRIDE else {}
    attempt = next(book.grades([who])).source_digest
    bound = ids_of(who, book.people())
    entry = Entry(kind, bound, who, exercise, text, "M. Meyer", time.time(), attempt=attempt, **given | fields)
    return book.write_entry(entry)


def report_of(book, who="ann"):
    return (book.path.parent / next(book.grades([who])).report).read_text()


def test_a_report_shows_what_counts_why_and_what_was_graded(class_book):
    class_book.grade("ann", "week1", HALF)
    before = report_of(class_book)
    number = decide(class_book, "ann")
    decide(class_book, "ann", COMMENT, text="Mind the names.")
    refresh(class_book)
    page = report_of(class_book)
    for said in ("Score: 8 of 10", "8 of 10, by override", "Two lines were right.", "M. Meyer", "Graded 5 of\n10."):
        assert said in page
    assert "week1:\n8 of 10 (ann)</title>" in page
    assert "Mind the names." in page
    refresh(class_book)
    assert report_of(class_book) == page
    decide(class_book, "ann", UNDO, undoes=number)
    refresh(class_book)
    assert "Mind the names." in report_of(class_book)
    decide(class_book, "ann", UNDO, undoes=number + 1)
    refresh(class_book)
    assert report_of(class_book) == before


def test_a_newer_attempt_takes_the_box_over(class_book):
    class_book.grade("ann", "week1", HALF)
    before = report_of(class_book)
    decide(class_book, "ann")
    refresh(class_book)
    class_book.grade("ann", "week1", {"rows": (1, 4), "scale": (0, 6)}, source="newer", noted=50.0)
    refresh(class_book)
    assert (class_book.path.parent / "week1/ann-source.html").read_text() == before
    assert "by override" in report_of(class_book)


def test_texts_are_shown_and_never_run(class_book):
    class_book.grade("ann", "week1", HALF)
    decide(class_book, "ann", text=EVIL, check="test_rows", points=4.0, out_of=4.0)
    decide(class_book, "ann", COMMENT, text=EVIL)
    refresh_all(class_book, {}, ["ann"])
    decide(class_book, "ann", COMMENT, text="the last")
    refresh(class_book)
    page = report_of(class_book)
    assert "<script" not in page
    assert "\x1b" not in page
    assert page.count("&lt;script&gt;") == 2
    assert page.count('id="decided"') == 1
    assert "<b>rows is right.</b> 4 of 4" in page
    assert EVIL not in page_of_class(class_book)


def test_nothing_that_a_student_writes_is_taken_for_the_place():
    fake = '</header>\n<main>\n<section class="box decided">mine</section>\n'
    result = Result("week1", fake, "graded", 5.0, 7, student=fake, max_score=10.0, source=fake)
    page = render(result)
    made = with_decisions(page, 8.0, 10.0, '<section class="box decided">ours</section>\n')
    assert made.count("ours") == 1
    assert made.index("ours") < made.index("<main>") + 60
    assert with_decisions(made, 5.0, 10.0, "") == page


def test_a_submission_that_the_grader_could_not_grade_gets_a_score():
    page = render(Result("week1", "a.py", "error", None, 7, error="no luck"))
    assert "Score: 8 of 10" in with_decisions(page, 8.0, 10.0, "")


def test_a_member_of_a_group_has_a_report_of_their_own(class_book):
    class_book.note_class(Class("/week1", "moodle", 0, "", True), {"55": "Group A"}, [])
    class_book.grade("55", "week1", HALF, name="Group A")
    class_book.set_roster([person(name, [("login", name)], team="Group A") for name in ("ann", "bo")])
    decide(class_book, "ann")
    refresh(class_book)
    assert "Two lines were right." in report_of(class_book, "ann")
    assert "Two lines were right." not in report_of(class_book, "bo")


def test_the_page_of_the_class_shows_what_counts_and_lists_why(class_book):
    class_book.grade("ann", "week1", HALF)
    class_book.grade("bo", "week1", HALF)
    plain = page_of_class(class_book)
    assert 'id="overridden"' not in plain
    decide(class_book, "ann", points=10.0)
    page = refresh_all(class_book, {"week1": "The first week"}, ["ann"]).read_text()
    assert ">10<sup" in page
    assert "10 of 10, by override of M. Meyer: Two lines were right; graded 5" in page
    assert "The first week" in page


def test_a_report_that_cannot_be_written_is_one_line_and_the_decision_is_kept(class_book, monkeypatch):
    class_book.grade("ann", "week1", HALF)
    decide(class_book, "ann")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(GradebookError, match=r"is kept, and a report could not be written: No space left on device\."):
        refresh(class_book)
    with pytest.raises(GradebookError, match=r"is kept, and .*No space left"):
        refresh_all(class_book, {}, [])
    assert next(class_book.grades()).points == 8.0


def test_a_report_that_is_gone_is_passed_over(class_book):
    class_book.grade("ann", "week1", HALF)
    (class_book.path.parent / "week1/ann-source.html").unlink()
    decide(class_book, "ann")
    refresh(class_book)
    assert replace(next(class_book.grades()), status="error").points == 8.0
