"""`grader assignment`, and the file at the top of a class: which one counts, and what is told of it."""

import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from types import SimpleNamespace

import pytest

from grader.cli.grade_folder import Options, assigned, find_and_tell, of_class
from grader.gradebook.assignment import stored
from grader.gradebook.assignment.settings import AssignmentFileError
from grader.gradebook.assignment.stored import Applied
from grader.gradebook.store import FILE_NAME, Attempt, Gradebook, Key
from grader.grading.hand_ins import find
from grader.result import Result
from grader.submissions.discovery import Asked, Rules

GRADER = [sys.executable, "-m", "grader"]
GRADE = [sys.executable, "-c", "from grader.cli.grade import grade; grade()"]
OWN = 'title = "Week 1"\ndue = 2026-05-03T23:59:59Z\nexercises = ["double"]\n'
PLANTED = 'title = "Eve"\nexercises = ["double"]\nlate = { percent = "all" }\n'


@pytest.fixture
def run(tmp_path, tiny_course):
    def start(*words, program=GRADER, course=True):
        extra = ["--course", str(tiny_course.root)] if course else []
        return subprocess.run(
            [*program, *words, *extra], cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=300
        )

    return start


def options(is_only=True):
    fields = dict.fromkeys(Options.__dataclass_fields__)
    return Options(**fields | {"is_only": is_only})


@pytest.fixture
def book(tmp_path):
    with Gradebook(tmp_path / "reports" / FILE_NAME) as book:
        yield book


@pytest.fixture
def submissions(tmp_path, right):
    """A class, with a file of that name in the part of a student."""
    for student in ("ann", "eve"):
        folder = tmp_path / "class" / student
        folder.mkdir(parents=True)
        (folder / "double.py").write_text(right)
    (tmp_path / "class" / "eve" / "assignment.toml").write_text(PLANTED)
    return tmp_path / "class"


def taken(path, book, layout=None, **changes):
    found = find(path, ["double"], book, Asked(layout))
    applied = of_class(found, book, options(**changes), ["double"])
    return applied and applied.text


def test_the_file_at_the_top_of_the_class_counts_and_no_other(submissions, book, tmp_path, capsys):
    assert taken(submissions, book) is None
    (submissions / "assignment.toml").write_text(OWN)
    assert taken(submissions, book) == OWN
    assert taken(submissions / "eve", book, "student") is None
    found = find(submissions, ["double"], book, Asked())
    book.note_class(found.named, found.collection.students, ())
    assert taken(submissions / "eve", book) == OWN  # one student of a class that was graded
    assert taken(submissions / "eve" / "double.py", book) == OWN
    assert taken(submissions, book, is_only=False) is None
    assert "as several folders were named" in capsys.readouterr().out
    fake = tmp_path / "other" / "mia"  # looks like a class, and lies among folders of students
    for student in (fake / "bo", fake / "cy", *(tmp_path / "other" / name for name in ("dee", "eli", "notes"))):
        student.mkdir(parents=True)
        (student / ("notes.md" if student.name == "notes" else "double.py")).write_text("x = 1\n")
    (fake / "assignment.toml").write_text(PLANTED)
    assert taken(fake, book, "folders") is None
    assert "the folders beside it are students'" in capsys.readouterr().out
    stored.set_assignments(book, [Applied(str(submissions / "assignment.toml"), "")])
    assert taken(submissions, book, is_only=False) == OWN


def test_a_file_that_was_found_holds_for_no_others_than_those_it_lies_among(run, right, tmp_path):
    """Eve's folder looked like a class, and its file then held for the class around it."""
    planted = 'title = "Eve"\nexercises = ["double"]\n'
    for name in ("ann/hw", "eve/eve", "eve/x"):
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / "double.py").write_text(right)
    file = tmp_path / "class" / "eve" / "assignment.toml"
    file.write_text(planted)
    assert "Assignment: Eve" in run("class/eve", program=GRADE).stdout
    assert "Assignment Eve: " in run("class/eve/x", program=GRADE).stdout  # of the class as it was graded
    done = run("class", program=GRADE)
    assert (done.stdout.count("Assignment"), done.returncode) == (0, 0)
    assert done.stderr == (
        f"Not in force any more: {file}, as it was found in a folder that may be a student's;"
        " where it is yours, name it with --assignment\n"
    )
    assert run("assignment", "show", course=False).stdout == "No assignment is in force.\n"
    for words in (("class", "--assignment", str(file)), ("class",)):  # it stays, once it is named
        done = run(*words, program=GRADE)
        assert "Assignment Eve: 3 with a total" in done.stdout
        assert "Not in force" not in done.stderr


def test_nor_does_one_of_a_students_folder_among_several(run, right, tmp_path):
    for name in ("ann", "bo", "eve/x", "eve/y"):
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / "double.py").write_text(right)
    (tmp_path / "class" / "eve" / "assignment.toml").write_text('title = "Eve"\nexercises = ["double"]\n')
    with Gradebook(tmp_path / "reports" / FILE_NAME) as book:
        path = str((tmp_path / "class" / "eve" / "assignment.toml").resolve())
        stored.set_assignments(book, [Applied(path, 'title = "Eve"\nexercises = ["double"]\n')])
    done = run("class/ann", "--reports", "reports", program=GRADE)
    assert "Assignment Eve" in done.stdout  # one alone may be a late one of the class
    done = run("class/ann", "class/bo", "--reports", "reports", program=GRADE)
    assert "Assignment" not in done.stdout
    assert "Not in force any more: " in done.stderr


def test_files_of_weeks_stay_beside_each_other(run, right, tmp_path):
    for week in ("week1", "week2"):
        for student in ("ann", "bo"):
            (tmp_path / "class" / week / student).mkdir(parents=True)
            (tmp_path / "class" / week / student / "double.py").write_text(right)
    (tmp_path / "class" / "week1" / "assignment.toml").write_text(OWN)
    for words in (["class/week1"], ["class/week1/ann"], ["class/week2"], ["class/week1", "class/week2"]):
        done = run(*words, program=GRADE)
        assert "Assignment Week 1: 2 with a total" in done.stdout, words
        assert "Not in force" not in done.stderr
    (tmp_path / "class" / "assignment.toml").write_text(OWN.replace("Week 1", "Term"))
    done = run("class", program=GRADE)  # the file at the top counts, and what was found below is not in its way
    assert "Not in force any more: " in done.stderr
    assert "Assignment Term: " in done.stdout


def test_a_file_in_an_archive_is_none(submissions, book, tmp_path):
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        for student in ("ann", "eve"):
            archive.write(submissions / student / "double.py", f"{student}/double.py")
        archive.writestr("assignment.toml", PLANTED)
    assert taken(tmp_path / "class.zip", book) is None


def test_a_link_at_the_top_is_not_followed(submissions, book):
    (submissions / "assignment.toml").symlink_to(submissions / "eve" / "assignment.toml")
    with pytest.raises(AssignmentFileError, match="no regular file"):
        taken(submissions, book)


def test_a_class_is_graded_by_its_assignment_and_scored_anew_without_grading(run, submissions, tmp_path):
    (submissions / "assignment.toml").write_text(f"{OWN}total = 10\n")
    done = run("class", program=GRADE)
    assert "Assignment: Week 1 (" in done.stdout
    assert "Assignment Week 1: 2 with a total, mean 10 / 10, 2 late\n" in done.stdout
    assert "Total" in (tmp_path / "reports" / "index.html").read_text()
    (submissions / "assignment.toml").write_text(f"{OWN}total = 10\nlate = {{ points = 2, cap = 4 }}\n")
    dry = run("assignment", "apply", "--dry-run")
    assert dry.stdout.splitlines() == [
        "Assignment Week 1: 2 with a total, mean 6 / 10, 2 late",
        "Week 1: 2 lost (by 4 on average)",
        "  ann  10 → 6 (−4): double 10 → 6",
        "  eve  10 → 6 (−4): double 10 → 6",
    ]
    stale = run("export", "--format", "csv", course=False)
    assert ",10,10,100," in stale.stdout
    assert "has changed since: `grader assignment apply` takes it in" in stale.stderr
    assert run("assignment", "apply").stdout == dry.stdout
    assert "no score changed" in run("assignment", "apply").stdout
    again = run("class", "--json", "-", program=GRADE)
    (assigned,) = json.loads(again.stdout)["assignments"]
    assert [student["total"] for student in assigned["students"]] == [6.0, 6.0]
    assert "0 graded in" in again.stderr


def test_what_the_file_chooses_and_its_zone_are_those_of_the_class(submissions, book, capsys):
    (submissions / "assignment.toml").write_text(f'{OWN}zone = "Asia/Tokyo"\nchoose = ["double.py"]\n')
    course = SimpleNamespace(names=["double"])
    asked = replace(options(), rules=Rules(("a.py",)), reports=submissions.parent / "reports")
    found = find_and_tell(submissions, course, book, asked)
    assert sorted(found.collection.students) == ["ann", "eve"]
    told = assigned(of_class(found, book, asked, course.names), course, book, asked, is_named=False)
    assert (str(told.zone), told.rules.choose) == ("Asia/Tokyo", ("a.py", "double.py"))
    assert "Assignment: Week 1 (" in capsys.readouterr().out


def test_a_wrong_file_stops_before_anything_is_graded(run, submissions, tmp_path):
    (submissions / "assignment.toml").write_text(f"{OWN}dropp_lowest = 1\n")
    done = run("class", program=GRADE)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "line 4: nothing is called 'dropp_lowest' here; did you mean 'drop_lowest'?" in done.stderr
    assert not (tmp_path / "reports").exists()


def test_a_check_that_the_suite_has_not_is_told_after_what_was_graded(run, submissions):
    (submissions / "assignment.toml").write_text("[exercises.double.checks]\ntest_duoble = 0\n")
    done = run("class", program=GRADE)
    assert done.returncode == 2
    assert "2 graded in" in done.stdout
    assert "double has no check 'test_duoble'; did you mean 'test_double'?" in done.stderr


def test_a_file_is_begun_checked_and_forgotten(run, book, tmp_path):
    assert run("assignment", "new", "double", "-o", "a.toml", "--title", "First").returncode == 0
    again = run("assignment", "new", "double", "-o", "a.toml")
    assert (again.returncode, again.stderr) == (2, "Error: a.toml is there already: name another file with -o.\n")
    checked = run("assignment", "check", "a.toml")
    assert checked.stdout.startswith(
        f"First: 100 points, newest attempt counts ({tmp_path}/a.toml)\n  double: 100, due"
    )
    book.hand_in([Attempt("ann", "double", "d", "Ann", "p", 1.0)], 1, 1.0)
    document = json.dumps(Result("double", "p", "graded", 50.0, 1).to_json())
    book.add(Key("ann", "double", "d", "s", 1, "", "{}"), "graded", 50.0, 100.0, document, "")
    assert run("assignment", "apply", "a.toml").returncode == 0
    assert run("assignment", "show", course=False).stdout == checked.stdout
    assert run("assignment", "forget", "first", course=False).returncode == 0
    assert run("assignment", "show", course=False).stdout == "No assignment is in force.\n"
    missing = run("assignment", "apply", "nowhere.toml")
    assert (missing.returncode, missing.stderr.count("\n")) == (2, 1)
