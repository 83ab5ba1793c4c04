"""What was committed stays, is counted once, and survives other writers, full disks and newer graders."""

import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from grader.gradebook.assignment.stored import assignments
from grader.gradebook.roster import person
from grader.gradebook.store import (
    MIGRATIONS,
    Attempt,
    Class,
    Gradebook,
    GradebookError,
    Key,
    Standing,
    Unplaced,
)
from grader.result import Result

KEY = Key("ann", "softmax", "source", "suite", 7, "10 s", "{}")
DOCUMENT = json.dumps(Result("softmax", "ann/softmax.py", "graded", 50.0, 7).to_json())
ATTEMPT = Attempt("ann", "softmax", "source", "Ann Lee", "ann/softmax.py", 100.0)


@pytest.fixture
def book(tmp_path):
    with Gradebook(tmp_path / "gradebook.sqlite") as book:
        yield book


def add(book, key=KEY, score=50.0, status="graded"):
    book.add(key, status, score, 100.0, DOCUMENT, "students/ann/softmax.html")


def hand_in(book, *attempts, seed=7, noted=0.0):
    book.hand_in(attempts, seed, noted)


def standing(book, attempt=ATTEMPT):
    return book.standing(attempt.student, attempt.exercise, attempt.source_digest)


def scores(book):
    return {grade.student: grade.score for grade in book.grades()}


def test_an_attempt_keeps_the_seed_that_it_was_first_noted_with(book):
    hand_in(book, ATTEMPT, seed=7)
    hand_in(book, replace(ATTEMPT, submitted=200.0), replace(ATTEMPT, source_digest="better"), seed=8)
    assert standing(book) == Standing(7, None, "")
    assert standing(book, replace(ATTEMPT, source_digest="better")).seed == 8


def test_what_is_written_alone_is_committed_together_or_not_at_all(book):
    hand_in(book, ATTEMPT, replace(ATTEMPT, student="bob"))

    def interrupted():
        with book.alone():
            add(book)
            raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        interrupted()
    assert standing(book).key is None
    with book.alone():
        add(book)
        add(book, replace(KEY, student="bob"), score=60.0)
        with Gradebook(book.path) as other:
            assert standing(other).key is None
    assert scores(book) == {"ann": 50.0, "bob": 60.0}


def test_an_attempt_stands_as_its_newest_result_says(book):
    hand_in(book, ATTEMPT)
    for suite in ("suite", "changed", "suite"):  # a suite that was changed and changed back
        add(book, replace(KEY, suite_digest=suite))
        assert standing(book) == Standing(7, replace(KEY, suite_digest=suite), "graded")
    add(book, score=None, status="error")
    assert standing(book).status == "error"


def test_a_grade_is_the_newest_result_of_the_newest_attempt(book):
    hand_in(book, ATTEMPT, replace(ATTEMPT, source_digest="better", submitted=200.0, path="ann/softmax (1).py"))
    add(book, score=90.0)
    add(book, replace(KEY, source_digest="better"), score=60.0)
    add(book, replace(KEY, source_digest="better", suite_digest="new"), score=70.0)
    (grade,) = book.grades()
    assert (grade.score, grade.attempts, grade.path, grade.name) == (70.0, 2, "ann/softmax (1).py", "Ann Lee")


def test_an_attempt_that_returns_to_an_older_source_counts(book):
    newer = replace(ATTEMPT, source_digest="second", submitted=200.0)
    hand_in(book, ATTEMPT, newer, replace(ATTEMPT, submitted=300.0))
    add(book, score=90.0)
    add(book, replace(KEY, source_digest="second"), score=60.0)
    assert scores(book) == {"ann": 90.0}


def test_the_same_file_may_be_older_than_it_was_said(book):
    for when, path in ((5000.0, "w.zip/a.py"), (1400.0, "w.zip/a.py"), (900.0, "old.zip/a.py")):
        book.hand_in([Attempt("ann", "relu", "d", "Ann", path, when)], 1, 1.0)
    ((attempt, _),) = book.attempts(["ann"])
    assert attempt.submitted == 1400.0


def test_attempts_of_one_time_are_ordered_by_number(book):
    hand_in(book, replace(ATTEMPT, source_digest="second", number=2), replace(ATTEMPT, number=1))
    add(book, score=10.0)
    add(book, replace(KEY, source_digest="second"), score=20.0)
    assert scores(book) == {"ann": 20.0}


def test_the_same_key_is_one_row(book):
    hand_in(book, ATTEMPT)
    add(book, score=10.0)
    add(book, score=20.0)
    assert scores(book) == {"ann": 20.0}
    assert sqlite3.connect(book.path).execute("SELECT COUNT(*) FROM results").fetchone() == (1,)


@pytest.mark.parametrize("other", ["", "zzz"])  # digests of either order
def test_of_attempts_of_one_time_the_one_found_last_counts(book, other):
    newer = replace(ATTEMPT, source_digest=other)  # written over the other, with its date
    hand_in(book, ATTEMPT, noted=1.0)
    add(book, score=10.0)
    hand_in(book, newer, noted=2.0)
    add(book, replace(KEY, source_digest=other), score=20.0)
    assert scores(book) == {"ann": 20.0}
    hand_in(book, ATTEMPT, noted=3.0)
    assert scores(book) == {"ann": 10.0}


def test_until_the_newest_attempt_is_graded_the_one_before_counts_and_that_is_said(book):
    hand_in(book, ATTEMPT)
    assert book.count_ungraded() == 1
    add(book, score=10.0)
    assert book.count_ungraded() == 0
    hand_in(book, replace(ATTEMPT, source_digest="better", submitted=200.0))
    assert scores(book) == {"ann": 10.0}
    assert [grade.attempts for grade in book.grades()] == [2]
    assert book.count_ungraded() == 1


def test_a_gradebook_of_the_first_version_is_taken_over(tmp_path):
    """Its attempts get its one seed; of its results nobody knows under which circumstances they were found."""
    path = tmp_path / "old.sqlite"
    old = sqlite3.connect(path)
    old.executescript(MIGRATIONS[0])
    old.execute("PRAGMA user_version = 1")
    old.execute("INSERT INTO settings VALUES ('seed', '41')")
    old.execute("INSERT INTO attempts VALUES ('ann', 'softmax', 'source', 'Ann Lee', 'ann/softmax.py', 100.0, 0)")
    for suite, when, score in (("late", 300.0, 60.0), ("early", 200.0, 90.0)):
        old.execute(
            "INSERT INTO results VALUES ('ann', 'softmax', 'source', ?, 41, '10 s', ?, 'graded', ?, 100.0, '', ?)",
            (suite, when, score, DOCUMENT),
        )
    old.commit()
    old.close()
    for _ in range(2):
        with Gradebook(path) as book:
            assert scores(book) == {"ann": 60.0}
            assert standing(book) == Standing(41, Key("ann", "softmax", "source", "late", 41, "10 s", ""), "graded")
            hand_in(book, ATTEMPT, seed=9)
            assert standing(book).seed == 41


def test_times_that_cannot_be_right_are_not_known_any_more(tmp_path):
    path = tmp_path / "old.sqlite"
    with Gradebook(path) as book:
        for number, when in enumerate((1.8e9, 253402300799.0, -1.0)):
            hand_in(book, replace(ATTEMPT, student=str(number), submitted=when))
        book._connection.execute("ALTER TABLE assignments DROP COLUMN named")
        book._connection.execute("INSERT INTO assignments VALUES (0, '/w/assignment.toml', '')")
        book._connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) - 1}")
        book._connection.commit()
    with Gradebook(path) as book:
        rows = book._connection.execute("SELECT submitted, dated FROM attempts ORDER BY student").fetchall()
        assert rows == [(1.8e9, 1), (0.0, 0), (0.0, 0)]
        assert [each.is_named for each in assignments(book)] == [False]


def test_two_writers_at_once_lose_nothing(book):
    with Gradebook(book.path) as other:
        for number in range(20):
            writer, student = book if number % 2 else other, str(number)
            hand_in(writer, replace(ATTEMPT, student=student))
            add(writer, replace(KEY, student=student))
        assert len(scores(book)) == len(scores(other)) == 20


WEEK1, WEEK2 = (Class(f"/week{i}", "folders", 0, "", False) for i in (1, 2))


def test_problems_are_those_of_the_last_run_of_each_class(book):
    book.note_class(WEEK1, {}, [Unplaced("week1/a", "empty"), Unplaced("week1/b", "too large")])
    book.note_class(WEEK2, {}, [Unplaced("week2/a", "empty")])
    book.note_class(WEEK1, {}, [Unplaced("week1/c", "a link")])
    assert book.problems() == [("week1/c", "a link"), ("week2/a", "empty")]
    book.note_class(WEEK2, {}, [Unplaced("week2/a_b/c", "a link")])
    book.note_class(WEEK2, {}, [], below="week2/a%b")  # of a part, those of the part
    assert len(book.problems()) == 2
    book.note_class(WEEK2, {}, [], below="week2/a_b")
    assert book.problems() == [("week1/c", "a link")]


def test_who_is_not_graded_is_told_until_something_is(book):
    book.note_class(WEEK1, {"ann": "Ann Lee"}, [Unplaced("week1/ann/x.pdf", "a pdf", "ann", "", "softmax", lost=True)])
    assert [(each.student, each.name, each.exercise) for each in book.not_graded()] == [("ann", "Ann Lee", "softmax")]
    hand_in(book, ATTEMPT)
    assert book.not_graded() == []


def test_a_full_disk_is_one_line_and_keeps_what_is_there(book):
    hand_in(book, ATTEMPT)
    add(book)
    (pages,) = book._connection.execute("PRAGMA page_count").fetchone()
    book._connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(GradebookError, match=r"full.*kept"):
        book.add(replace(KEY, student="bob"), "graded", 1.0, 100.0, "x" * 100_000, "report.html")
    assert standing(book).key == KEY


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


# What rows hold that were written before results were records: as it was written, and as the first gradebooks had it.
WRITTEN_BEFORE = """{"exercise":"softmax","submission":"ann/softmax.py","student":"ann","status":"graded",
"score":66.666667,"max_score":100.0,"seed":7,"duration":0.031,"checks":[{"id":"test_rows","title":"Rows sum to one.",
"status":"passed","score":66.666667,"max_score":66.666667,"message":"","hint":"","line":null,"duration":0.001},
{"id":"test_axis","title":
"Any axis works.","status":"failed","score":0.0,"max_score":33.333333,"message":"got \\ud83d\\ude00 (line 5)","hint":
"Use axis.","line":5,"duration":0.002}],"mistakes":[{"id":"axis","title":"Wrong axis","explanation":"It sums rows.",
"checks":["test_axis"],"evidence":"pattern","textbook":false}],"not_allowed":[],"remarks":["line 2: f_back"],"notes":[],
"error":"","sandbox":{"confined":false,"layers":[{"name":"memory","active":false,"stops":"memory","detail":"no"}]},
"environment":{"grader":"0.1.0","python":"3.11.7"},"course":{"kind":"built-in","path":"/course"}}"""


def older(text):
    """Without what the first gradebooks did not have."""
    document = json.loads(text)
    del document["remarks"], document["course"]
    for check in document["checks"]:
        del check["line"]
    return json.dumps(document)


def test_results_that_were_written_before_are_read(book):
    for student, text in (("ann", WRITTEN_BEFORE), ("bob", older(WRITTEN_BEFORE))):
        hand_in(book, replace(ATTEMPT, student=student))
        book.add(replace(KEY, student=student), "graded", 66.666667, 100.0, text, "")
    ann, bob = (grade.result for grade in book.grades())
    assert (ann.score, ann.checks[1].line, ann.checks[1].message) == (66.666667, 5, "got \N{GRINNING FACE} (line 5)")
    assert (ann.remarks, ann.course.path, ann.mistakes[0].checks) == (("line 2: f_back",), "/course", ("test_axis",))
    assert ann.sandbox.layers[0].detail == "no"
    assert (bob.remarks, bob.course, bob.checks[1].line, bob.score) == ((), None, None, 66.666667)
    found = ann.to_json()
    assert (found.pop("causes"), found.pop("decided")) == ([], None)  # what was not written then
    assert [check.pop("place") for check in found["checks"]] == ["", ""]
    assert json.loads(WRITTEN_BEFORE) == found


def test_a_result_that_cannot_be_read_is_told_in_one_line(book):
    hand_in(book, ATTEMPT)
    book.add(KEY, "graded", 1.0, 1.0, '{"checks": []}', "")
    with pytest.raises(GradebookError, match=r"of ann in softmax that cannot be read: .*missing .*with --fresh\.$"):
        list(book.grades())


def test_a_gradebook_of_the_second_version_is_taken_over(tmp_path):
    """As a class of two was graded then: its grades stay, and what was left out is told until it is graded again."""
    path = tmp_path / "old.sqlite"
    old = sqlite3.connect(path)
    old.executescript((Path(__file__).parent / "version_2.sql").read_text())
    old.close()
    for _ in range(2):
        with Gradebook(path) as book:
            assert {grade.name: (grade.score, grade.dated) for grade in book.grades()} == {
                "Ann Lee": (100.0, True),
                "Bo Ek": (0.0, True),
            }
            assert [Path(path).name for path, _ in book.problems()] == ["notes.py"]
            assert book.people().owners == {"12": ("12",), "13": ("13",)}


def test_a_persons_attempts_are_of_all_ids(book):
    downloads = [Class(f"/week{i}", "moodle", 0, "", True) for i in (1, 2)]
    book.note_class(downloads[0], {"12": "Ann Lee"}, [])
    book.note_class(downloads[1], {"90": "Ann Lee"}, [])
    hand_in(book, replace(ATTEMPT, student="12"), replace(ATTEMPT, student="90", submitted=200.0, source_digest="new"))
    add(book, replace(KEY, student="12"), score=90.0)
    add(book, replace(KEY, student="90", source_digest="new"), score=60.0)
    assert [(grade.student, grade.score, grade.attempts) for grade in book.grades()] == [("12", 60.0, 2)]


def test_a_groups_grade_is_each_members(book):
    book.note_class(Class("/week1", "moodle", 0, "", True), {"55": "Group A"}, [])
    hand_in(book, replace(ATTEMPT, student="55", name="Group A"))
    add(book, replace(KEY, student="55"), score=90.0)
    assert scores(book) == {"55": 90.0}
    book.set_roster([person(name, [("email", f"{name}@uni.edu")], team="Group A") for name in ("ann", "bo")])
    assert scores(book) == {"ann@uni.edu": 90.0, "bo@uni.edu": 90.0}
    assert {one.name for one in book.roster()} == {"ann", "bo"}
