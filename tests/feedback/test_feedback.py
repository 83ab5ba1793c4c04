"""What goes back: each report to whom it is due, under the name that a system takes, and to nobody else."""

import re
import stat
import zipfile
from dataclasses import replace

import pytest

from grader.feedback import FeedbackError, collect, write
from grader.gradebook.people import Handle, find_people
from grader.gradebook.pseudonyms import Anonymous, Key, PseudonymError
from grader.gradebook.roster import person
from grader.gradebook.store import Attempt, Grade, Unplaced
from grader.report.html import render
from grader.report.statistics import ExerciseStatistics
from grader.result import CheckResult, CourseUsed, NamedMistake, Result

PASSED = CheckResult("a", "Works", "passed", 100.0, 100.0)
MOODLE = "w3.zip/Ann Lee_12_assignsubmission_file_/softmax.py"


class Book:
    """A gradebook of these attempts: (student, name, path, exercise), the oldest first."""

    def __init__(self, folder, layout, *attempts, source="def f(): pass\n", roster=(), lost=()):
        self.identities = {}
        self.path, self.layout, self.lost = folder / "gradebook.sqlite", layout, list(lost)
        self.rows = [
            Attempt(student, exercise, str(i), name, path, 1e9 + i)
            for i, (student, name, path, exercise) in enumerate(attempts)
        ]
        handles = {each.student: Handle(each.student, each.name, "w", layout) for each in self.rows}
        self.who = find_people(roster, handles.values(), {})
        for each in self.rows:
            result = Result(each.exercise, each.path, "graded", 100.0, 7, student=each.student, checks=(PASSED,),
                            source=source, course=CourseUsed("open", "/srv/secret"))  # fmt: skip
            page = folder / self.report(each)
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(render(result))

    def report(self, attempt):
        return f"{attempt.exercise}/{attempt.source_digest}.html"

    def grades(self, only=None, *, every=False, names=None):
        newest = {(owner, each.exercise): each for each in self.rows for owner in self.who.of(each.student)}
        for (owner, exercise), each in newest.items():
            count = sum(exercise == other.exercise and owner in self.who.of(other.student) for other in self.rows)
            result = Result(exercise, each.path, "graded", 100.0, 7, student=each.student, checks=(PASSED,))
            name = names[owner] if names else self.who.name(owner)
            yield Grade(owner, name, exercise, each.path, each.submitted, count, "graded", 100.0, 100.0,
                        7, 1e9, self.report(each), result)  # fmt: skip

    def hand_ins(self):
        return ((each, self.layout) for each in self.rows)

    def people(self):
        return self.who

    def not_graded(self):
        return self.lost

    def true_report(self, report):
        return self.path.parent / report


def files(book, form, *exercises):
    return sorted(collect(book, form, exercises).files)


def one(book, form):
    """The text of the only report."""
    (found,) = collect(book, form).pages()
    return found[1]


@pytest.mark.parametrize(("form", "student", "path", "target"), [
    ("moodle", "12", MOODLE, "Ann Lee_12_assignsubmission_file_/softmax.html"),
    ("moodle", "12 Ann Lee", MOODLE, "Ann Lee_12_assignsubmission_file_/softmax.html"),
    ("moodle", "12", "d/A_nn: Lee_12_assignsubmission_file_softmax.py",
     "A nn  Lee_12_assignsubmission_file_/softmax.html"),
    ("canvas", "7", "w/leeann_LATE_7_901_hw-1.py", "leeann_LATE_7_901_softmax.html"),
    ("canvas", "7", "w/leeann_7_901_hw.zip/src/softmax.py", "leeann_7_901_softmax.html"),
    ("canvas", "Ab3kQ", "anon_Ab3kQ_901_softmax.py", "anon_Ab3kQ_901_softmax.html"),
    ("nbgrader", "ann", "c/submitted/ann/ps1/Week 1.ipynb", "feedback/ann/ps1/Week 1.html"),
    ("nbgrader", "ann", "inbound/ann+ps1+2026-03-01 10:00:00 UTC+x/a.ipynb", "feedback/ann/ps1/a.html"),
    ("github", "ann", "hw-submissions/hw-ann/src/softmax.py", "hw-ann/feedback/softmax.html"),
])  # fmt: skip
def test_a_report_goes_where_its_system_takes_it_back(tmp_path, form, student, path, target):
    layout = {"github": "classroom"}.get(form, form)
    assert files(Book(tmp_path, layout, (student, "Ann Lee", path, "softmax")), form) == [target]


@pytest.mark.parametrize(("form", "layout", "path"), [
    ("moodle", "folders", "w/12/Ann_12_assignsubmission_file_/softmax.py"),
    ("moodle", "moodle", "w/Bo_13_assignsubmission_file_/softmax.py"),
    ("canvas", "canvas", "w/bo_13_9_softmax.py"),
    ("nbgrader", "nbgrader", "submitted/bo/ps1/a.ipynb"),
    ("github", "classroom", "hw-submissions/hw-bo/softmax.py"),
])  # fmt: skip
def test_what_a_student_named_after_somebody_else_leads_to_nobody(tmp_path, form, layout, path):
    with pytest.raises(FeedbackError, match="no report to hand back"):
        collect(Book(tmp_path, layout, ("12", "Ann", path, "softmax")), form)


def test_a_name_of_another_within_ones_own_part_is_not_read(tmp_path):
    path = MOODLE.replace("/softmax", "/Bo Ek_13_assignsubmission_file_/softmax")
    assert files(Book(tmp_path, "moodle", ("12", "Ann Lee", path, "softmax")), "moodle") == [
        "Ann Lee_12_assignsubmission_file_/softmax.html"
    ]


def test_where_two_would_get_one_file_neither_does(tmp_path):
    rows = [("12", "Ann Lee", MOODLE, "softmax"), ("12 Bo", "Bo", MOODLE.replace("Ann Lee", "Ann_Lee"), "softmax")]
    rows.append(("13", "Cy", MOODLE.replace("Ann Lee_12", "Cy_13"), "softmax"))
    package = collect(Book(tmp_path, "moodle", *rows), "moodle")
    assert list(package.files) == ["Cy_13_assignsubmission_file_/softmax.html"]
    assert "Ann Lee and Bo have no report: both would be" in package.notes[0]


def test_namesakes_and_names_that_leave_the_folder_have_folders_of_their_own(tmp_path):
    names = [("1", "Ann Lee"), ("2", "ann lee"), ("3", "../../x"), ("4", "C:\\x\x1b[31m"), ("5", "..")]
    book = Book(tmp_path, "folders", *((id, name, f"w/{id}/softmax.py", "softmax") for id, name in names))
    found = files(book, "folder")
    assert len({name.casefold() for name in found}) == 5
    assert "Ann Lee (1)/softmax.html" in found
    assert all(re.fullmatch(r"[\w ()]+/softmax\.html", name) for name in found), found


def test_the_report_says_whose_which_attempt_and_when_and_no_path_of_ours(tmp_path):
    again = MOODLE.replace("w3", "w4")
    page = one(Book(tmp_path, "moodle", *(("12", "Ann <b>Lee", p, "softmax") for p in (MOODLE, again))), "zip")
    assert "attempt 2 of 2" in page
    assert "handed in 9 September 2001" in page
    assert "<bdi>Ann &lt;b&gt;Lee</bdi>" in page
    assert "\n100 of 100 (Ann &lt;b&gt;Lee)</title>" in page
    assert "grade softmax.py --exercise softmax --seed 7" in page
    assert not re.search(r"/srv/secret|w4\.zip|assignsubmission", page)


def test_a_group_gets_one_file_where_the_system_knows_groups_and_else_each_member_one(tmp_path):
    roster = [person(name, [("login", name.lower())], team="Group A") for name in ("Ann", "Bo")]
    path = "w/Group A_55_assignsubmission_file_/softmax.py"
    book = Book(tmp_path, "moodle", ("55", "Group A", path, "softmax"), roster=roster)
    assert files(book, "moodle") == ["Group A_55_assignsubmission_file_/softmax.html"]
    assert "<bdi>Ann, Bo</bdi>" in one(book, "moodle")
    assert files(book, "folder") == ["Ann/softmax.html", "Bo/softmax.html"]
    assert all("Ann, Bo" not in page for _, page in collect(book, "folder").pages())


def test_a_notebook_of_several_exercises_is_one_page_in_nbgrader(tmp_path):
    rows = [("ann", "ann", "submitted/ann/ps1/a.ipynb", exercise) for exercise in ("pooling", "softmax")]
    page = one(Book(tmp_path, "nbgrader", *rows), "nbgrader")
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert {name for names in re.findall(r'(?:labelledby="|href="#)([^"]+)', page) for name in names.split()} <= {*ids}
    assert page.count("<html") == 1


def test_who_has_no_report_is_told(tmp_path):
    roster = [person(name, [("login", name.lower())]) for name in ("Ann", "Cy", "Di")]
    lost = [Unplaced("w/cy/a.pdf", "a .pdf file: ask Cy", "cy", "Cy", "softmax", lost=True)]
    rows = [("ann", "Ann", f"w/ann/{exercise}.py", exercise) for exercise in ("pooling", "softmax")]
    book = Book(tmp_path, "folders", *rows, roster=roster, lost=lost)
    (tmp_path / "softmax" / "1.html").unlink()
    (tmp_path / "pooling" / "0.html").write_text("<html>")
    package = collect(book, "folder")
    assert write(package, tmp_path / "out") == 1
    told = re.sub("<[^>]+>", "", (tmp_path / "out" / "Cy" / "softmax.html").read_text())
    assert "a.pdf: a .pdf file." in told
    assert "ask Cy" not in told
    assert package.notes == [
        "Cy (cy) has no report in softmax: a.pdf: a .pdf file: ask Cy.",
        "Di has no report: nothing handed in.",
        "Ann has no report: Ann/pooling.html is another grader's; grade the class with --fresh.",
        "Ann has no report: that of Ann/softmax.html is gone; grade the class again.",
    ]
    assert package.missing == 3


def test_one_exercise_can_be_chosen_and_several_downloads_are_told(tmp_path):
    rows = [("12", "Ann Lee", MOODLE, "softmax"), ("12", "Ann Lee", MOODLE.replace("w3", "w4"), "pooling")]
    book = Book(tmp_path, "moodle", *rows)
    assert "2 downloads" in collect(book, "moodle").notes[0]
    assert files(book, "moodle", "pooling") == ["Ann Lee_12_assignsubmission_file_/pooling.html"]
    assert collect(book, "moodle", ["pooling"]).notes == []
    with pytest.raises(FeedbackError, match="no grades in gru: the gradebook has pooling, softmax"):
        collect(book, "moodle", ["gru"])


def test_a_repository_gets_a_summary_in_markdown(tmp_path):
    book = Book(tmp_path, "classroom", ("ann", "ann", "hw-submissions/hw-ann/softmax.py", "softmax"))
    found = dict(collect(book, "github").pages())
    assert sorted(found) == ["hw-ann/FEEDBACK.md", "hw-ann/feedback/softmax.html"]
    assert found["hw-ann/FEEDBACK.md"].startswith("# 100 / 100 points")


def test_a_zip_is_the_same_each_time_and_a_full_folder_is_left_alone(tmp_path):
    book = Book(tmp_path, "folders", ("ann", "Ann", "w/ann/softmax.py", "softmax"))
    first, second = tmp_path / "1.zip", tmp_path / "2.zip"
    assert [write(collect(book, "zip"), target) for target in (first, second)] == [1, 1]
    assert first.read_bytes() == second.read_bytes()
    assert zipfile.ZipFile(first).namelist() == ["Ann/softmax.html"]
    with pytest.raises(FeedbackError, match="not empty"):
        write(collect(book, "folder"), tmp_path)
    with pytest.raises(FeedbackError, match="is a folder"):
        write(collect(book, "zip"), tmp_path)


# Pseudonyms


def test_what_a_student_raised_is_no_example_of_a_page_without_names(tmp_path):
    failed = CheckResult("a", "Works", "failed", 0.0, 100.0, "f raised ValueError: Quinn was here")
    grade = next(Book(tmp_path, "folders", ("q", "Quinn", "w/q/f.py", "softmax")).grades())
    mistake = NamedMistake("m", "M", "", ("a",), "values")
    grade = replace(grade, name="Student A", student="Student A", path="softmax.py")
    grade = replace(grade, result=replace(grade.result, checks=(failed,), mistakes=(mistake,)))
    for identity, example in (((), failed.message), (("q", "Quinn Xavier"), None)):
        statistics = ExerciseStatistics()
        statistics.add(grade, identity)
        assert statistics.rank_mistakes()[0].example == (example and ("Works", example))


@pytest.fixture
def named(tmp_path):
    rows = [
        (id, name, f"w/{name}_{id}_assignsubmission_file_/{name}.py", "softmax")
        for id, name in (("1001", "Quinn Xavier"), ("1002", "Zoe Ulrich"))
    ]
    lost = [Unplaced("w/Cyrus_1003/Cyrus.pdf", "of Cyrus", "1003", "Cyrus", "softmax", lost=True)]
    return lambda **more: Book(tmp_path / "reports", "moodle", *rows, lost=lost, **more)


def test_without_names_no_name_id_or_path_is_left(named, tmp_path):
    book = Anonymous(named(), Key(tmp_path / "key.csv"))
    package = collect(book, "zip")
    text = "".join(f"{name} {page}" for name, page in package.pages()) + "".join(package.notes)
    text += repr([*book.grades(), *book.not_graded(), *book.hand_ins(), book.people()])
    assert not re.search(r"Quinn|Xavier|Zoe|Ulrich|Cyrus|100[123]|assignsubmission|/srv", text)
    assert len(package.files) == 2


def test_an_id_of_any_form_is_taken_out_of_the_title(tmp_path):
    ids = ("Quinn (x", "Quinn)\n1 of 2", "Quinn </title>")
    book = Book(tmp_path / "reports", "folders", *((id, id, "w/a.py", "softmax") for id in ids))
    package = collect(Anonymous(book, Key(tmp_path / "key.csv")), "zip")
    pages = [page for _, page in package.pages()]
    assert len(pages) == 3
    assert "Quinn" not in "".join(pages)


def test_pseudonyms_stay_and_only_the_owner_reads_the_key(named, tmp_path):
    path = tmp_path / "key.csv"
    first = Anonymous(named(), Key(path)).pseudonyms
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    roster = [person("Quinn Xavier", [("email", "q@uni.edu"), ("moodle", "1001")])]
    second = Anonymous(named(roster=roster), Key(path)).pseudonyms
    assert second["q@uni.edu"] == first["1001"]
    assert second["1002"] == first["1002"]
    assert len(set(first.values())) == 3


def test_what_names_its_author_is_told(named, tmp_path):
    book = Anonymous(named(source="# by Quinn\n"), Key(tmp_path / "key.csv"))
    package = collect(book, "zip")
    list(package.pages())
    assert [note for note in package.notes if "named" in note and "code" in note] == [
        f"{book.pseudonyms['1001']} is named in softmax by their own code or what it printed."
    ]


@pytest.mark.parametrize("text", ["student,name\n", "pseudonym,student,name\nStudent ABCD,1\n", "\xff"])
def test_a_file_that_is_no_key_is_left_alone(tmp_path, text):
    path = tmp_path / "key.csv"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(PseudonymError):
        Key(path)
    assert path.read_bytes() == text.encode("latin-1")
