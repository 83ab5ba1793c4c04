"""`grader roster`, and what a run says of people and of what is not graded."""

import subprocess
import sys

import pytest

from grader.gradebook.store import FILE_NAME, Attempt, Class, Gradebook, Unplaced

GRADER = [sys.executable, "-m", "grader"]
STUDENTS = "username,first_name,last_name,email,section\nann,Ann,Lee,ann@uni.edu,A\nbek,Bo,Ek,bo@uni.edu,B\n"


@pytest.fixture
def run(tmp_path):
    def start(*words):
        return subprocess.run([*GRADER, *words], cwd=tmp_path, capture_output=True, text=True, timeout=300)

    return start


@pytest.fixture
def book(tmp_path):
    (tmp_path / "students.csv").write_text(STUDENTS)
    with Gradebook(tmp_path / "reports" / FILE_NAME) as book:
        yield book


def hand_in(book, week, **students):
    """`students`: number → name."""
    students = {key.strip("_"): name for key, name in students.items()}
    book.note_class(Class(f"/week{week}", "moodle", 0, "", True), students, [])
    book.hand_in([Attempt(each, f"week{week}", "d", name, "p", 1.0) for each, name in students.items()], 1, 1.0)


def test_a_roster_is_imported_shown_and_forgotten(run, book):
    hand_in(book, 1, _11="Ann Lee", _12="Somebody")
    done = run("roster", "import", "students.csv")
    assert (done.returncode, done.stdout) == (0, "2 added, 0 known already, 2 on the roster\n")
    assert run("roster", "import", "students.csv").stdout == "0 added, 2 known already, 2 on the roster\n"
    assert run("roster", "show").stdout.splitlines() == [
        "Ann Lee: section A; ann, ann@uni.edu; handed in as 11",
        "Bo Ek: section B; bek, bo@uni.edu; nothing handed in",
        "Somebody: 12; handed in; not on the roster",
    ]
    assert run("roster", "forget", "BEK").stdout == "Bo Ek (bo@uni.edu) is forgotten; results stay.\n"
    assert [one.name for one in book.roster()] == ["Ann Lee"]


def test_people_are_merged_and_that_is_taken_back(run, book):
    run("roster", "import", "students.csv")
    hand_in(book, 1, _11="B. E.")
    done = run("roster", "merge", "11", "bo@uni.edu")
    assert (done.returncode, done.stdout) == (0, "B. E. (11) is Bo Ek (bo@uni.edu).\n")
    assert book.people().owners == {"11": ("bo@uni.edu",)}
    run("roster", "forget", "11")
    assert book.people().owners == {"11": ("11",)}


def test_without_a_roster_people_are_merged_as_well(run, book):
    hand_in(book, 1, _11="Ann Lee", _12="Ann Lee")
    hand_in(book, 2, _90="A. Lee")
    run("roster", "merge", "90", "12")
    assert book.people().owners == {"11": ("11",), "12": ("12",), "90": ("12",)}


@pytest.mark.parametrize(("words", "message"), [
    (["merge", "nobody", "ann"], "Nobody is known as 'nobody'"), (["merge", "ann", "ann"], "is one person already"),
    (["forget", "Ann Lee"], "Several are known as 'Ann Lee': name one of 11 (Ann Lee), 12 (Ann Lee)."),
    (["import", "reports/gradebook.sqlite"], "has no column for a name"),
])  # fmt: skip
def test_what_cannot_be_done_is_one_line(run, book, words, message):
    hand_in(book, 1, _11="Ann Lee", _12="Ann Lee")
    if words[0] == "merge":
        run("roster", "import", "students.csv")
    done = run("roster", *words)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert message in done.stderr


def test_an_export_tells_everybody(run, book):
    hand_in(book, 1, _11="Ann Lee")
    lost = Unplaced("week1/12/x.docx", "a .docx file cannot be graded", "12", "Cy", "softmax", lost=True)
    book.note_class(Class("/week2", "moodle", 0, "", True), {"12": "Cy"}, [lost])
    run("roster", "import", "students.csv")
    done = run("export", "--format", "csv")
    assert [line.split(",")[1] for line in done.stdout.splitlines()] == ["name", "Ann Lee", "Bo Ek", "Cy"]
    assert "Cy (12) handed in for softmax, not graded: x.docx: a .docx file cannot be graded." in done.stderr


def test_what_was_decided_of_a_group_is_in_each_members_report_once_a_roster_tells_them(run, class_book, tmp_path):
    (tmp_path / "students.csv").write_text("username,name,group\nann,Ann Lee,Team 1\nbek,Bo Ek,Team 1\n")
    class_book.note_class(Class("/week1", "moodle", 0, "", True), {"55": "Team 1"}, [])
    class_book.grade("55", "week1", {"rows": (2, 4)}, name="Team 1")
    done = run("override", "55", "week1", "--points", "3", "--reason", "All of it was there.")
    assert (done.returncode, done.stderr) == (0, "")
    assert run("roster", "import", "students.csv").returncode == 0
    grades = list(class_book.grades())
    assert [(grade.student, grade.points) for grade in grades] == [("ann", 3.0), ("bek", 3.0)]
    assert all("All of it was there." in (tmp_path / "reports" / grade.report).read_text() for grade in grades)
