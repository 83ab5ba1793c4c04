"""What was committed stays, is counted once, and survives other writers, full disks and newer graders."""

import sqlite3
from dataclasses import replace

import pytest

from grader.gradebook import MIGRATIONS, Attempt, Gradebook, GradebookError, Key

KEY = Key("ann", "softmax", "source", "suite", 7, "10 s")
ATTEMPT = Attempt("ann", "softmax", "source", "Ann Lee", "ann/softmax.py", 100.0)


@pytest.fixture
def book(tmp_path):
    with Gradebook(tmp_path / "gradebook.sqlite") as book:
        yield book


def add(book, key=KEY, score=50.0, status="graded"):
    book.add(key, status, score, 100.0, '{"checks": []}', "students/ann/softmax.html")


def scores(book):
    return {grade.student: grade.score for grade in book.grades()}


def test_a_result_is_held_under_all_that_it_follows_from(book):
    add(book)
    assert book.holds(KEY)
    for change in ({"student": "bob"}, {"source_digest": "x"}, {"suite_digest": "x"}, {"seed": 8}, {"limits": "5 s"}):
        assert not book.holds(replace(KEY, **change))


def test_what_could_not_be_graded_is_tried_again(book):
    add(book, score=None, status="error")
    assert not book.holds(KEY)


def test_a_grade_is_the_newest_result_of_the_newest_attempt(book):
    book.hand_in([ATTEMPT, replace(ATTEMPT, source_digest="better", submitted=200.0, path="ann/softmax (1).py")])
    add(book, score=90.0)
    add(book, replace(KEY, source_digest="better"), score=60.0)
    add(book, replace(KEY, source_digest="better", suite_digest="new"), score=70.0)
    (grade,) = book.grades()
    assert (grade.score, grade.attempts, grade.path, grade.name) == (70.0, 2, "ann/softmax (1).py", "Ann Lee")


def test_an_attempt_that_returns_to_an_older_source_counts(book):
    newer = replace(ATTEMPT, source_digest="second", submitted=200.0)
    book.hand_in([ATTEMPT, newer, replace(ATTEMPT, submitted=300.0)])
    add(book, score=90.0)
    add(book, replace(KEY, source_digest="second"), score=60.0)
    assert scores(book) == {"ann": 90.0}


def test_attempts_of_one_time_are_ordered_by_number(book):
    book.hand_in([replace(ATTEMPT, source_digest="second", number=2), replace(ATTEMPT, number=1)])
    add(book, score=10.0)
    add(book, replace(KEY, source_digest="second"), score=20.0)
    assert scores(book) == {"ann": 20.0}


def test_the_same_key_is_one_row(book):
    book.hand_in([ATTEMPT])
    add(book, score=10.0)
    add(book, score=20.0)
    assert scores(book) == {"ann": 20.0}
    assert sqlite3.connect(book.path).execute("SELECT COUNT(*) FROM results").fetchone() == (1,)


def test_the_seed_is_drawn_once(book):
    with Gradebook(book.path) as again:
        assert again.seed == book.seed


def test_two_writers_at_once_lose_nothing(book):
    with Gradebook(book.path) as other:
        for number in range(20):
            add(book if number % 2 else other, replace(KEY, student=str(number)))
        for number in range(20):
            assert book.holds(replace(KEY, student=str(number)))


def test_problems_are_those_of_the_last_run(book):
    book.set_problems([("a", "empty"), ("b", "too large")])
    book.set_problems([("c", "a link")])
    assert book.problems() == [("c", "a link")]


def test_a_full_disk_is_one_line_and_keeps_what_is_there(book):
    add(book)
    (pages,) = book._connection.execute("PRAGMA page_count").fetchone()
    book._connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(GradebookError, match=r"full.*kept"):
        book.add(replace(KEY, student="bob"), "graded", 1.0, 100.0, "x" * 100_000, "report.html")
    assert book.holds(KEY)


def test_a_newer_gradebook_is_not_touched(book):
    book._connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(GradebookError, match="newer grader"):
        Gradebook(book.path)


def test_what_is_no_gradebook_is_said_so(tmp_path):
    (tmp_path / "notes.txt").write_text("not a database, but long enough to be taken for one at first sight" * 20)
    with pytest.raises(GradebookError, match="not a database"):
        Gradebook(tmp_path / "notes.txt")


def test_a_folder_without_a_gradebook_is_said_so(tmp_path):
    with pytest.raises(GradebookError, match="grade a folder first"):
        Gradebook.existing(tmp_path)
