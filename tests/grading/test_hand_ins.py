"""What a run notes of a class; and a part of a class that is named is read as the class is."""

import os
import zipfile
from pathlib import Path

import pytest

from grader.gradebook.store import FILE_NAME, Attempt, Gradebook
from grader.grading.hand_ins import find, is_part_of_class, note
from grader.submissions.discovery import Asked
from grader.submissions.submission import SubmissionError

NAMES = ("softmax", "conv2d")
CLASSES = {
    "folders": ("ann/src/softmax.py", "bo/softmax.py"),
    "moodle": ("Ann_12_assignsubmission_file_/softmax.py", "Bo_13_assignsubmission_file_/softmax.py"),
    "canvas": ("leeann_12_901_hw/softmax.py", "ekbo_13_902_hw/softmax.py"),
    "nbgrader": ("submitted/ann/ps1/softmax.py", "submitted/bo/ps1/softmax.py"),
    "classroom": ("hw-submissions/hw-ann/softmax.py", "hw-submissions/hw-bo/softmax.py"),
    "brightspace": ("1-2 - Ann - Oct 1, 2026 905 AM/softmax.py", "3-4 - Bo - Oct 1, 2026 905 AM/softmax.py"),
}


@pytest.fixture
def book(tmp_path):
    with Gradebook(tmp_path / "reports" / FILE_NAME) as book:
        yield book


def fill(root, *paths):
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("x")
    return root


def graded(book, path, **asked):
    """The students that are found under a path, which is noted."""
    found = note(book, [find(Path(path), NAMES, book, Asked(**asked))])
    attempts = [Attempt(each.student, each.exercise, "d", each.name, each.path, each.submitted) for each in found]
    book.hand_in(attempts, 1, 1.0)
    return [each.student for each in found]


@pytest.mark.parametrize("layout", CLASSES)
def test_a_students_folder_or_a_file_makes_nobody_new(tmp_path, book, layout):
    root = fill(tmp_path / "week3", *CLASSES[layout])
    ann, bo = graded(book, root)
    first = CLASSES[layout][0].split("/")
    for depth in range(1, len(first) + 1):
        part = root.joinpath(*first[:depth])
        is_shared = all(path.split("/")[:depth] == first[:depth] for path in CLASSES[layout])
        expected = [ann, bo] if is_shared else [ann]
        assert graded(book, part) == expected, part
    assert len(book.names()) == 2
    assert [each.root for each in book.classes()] == [os.path.realpath(root)]
    assert set(book.people().owners) == {ann, bo}


@pytest.mark.parametrize("layout", ["moodle", "nbgrader", "classroom", "brightspace"])
def test_a_students_folder_of_a_class_that_was_never_graded_is_known_by_its_name(tmp_path, book, layout):
    root = fill(tmp_path / "week3", *CLASSES[layout])
    part = (root / CLASSES[layout][0]).parent
    part = part.parent if layout == "nbgrader" else part
    assert graded(book, part) == [graded(book, root)[0]]


def test_a_part_is_named_from_anywhere(tmp_path, book, monkeypatch):
    root = fill(tmp_path / "week3", *CLASSES["folders"])
    graded(book, root)
    for place, path in [(root, "ann"), (root / "ann", "."), (root / "ann/src", "softmax.py"), (tmp_path, "week3/ann")]:
        monkeypatch.chdir(place)
        assert graded(book, path) == ["ann"]


def test_one_of_a_class_is_no_class_of_its_own(tmp_path, book):
    """Else what Ann hands in could tell that it is Bob's."""
    root = fill(tmp_path / "week3", "bob/softmax.py", "cid/softmax.py", "dan/softmax.py", "ann/bob/softmax.py")
    assert graded(book, root / "bob") == ["bob"]
    with pytest.raises(SubmissionError, match="lies among students' folders"):
        graded(book, root / "ann")
    assert graded(book, root) == ["ann", "bob", "cid", "dan"]
    assert graded(book, root / "ann") == ["ann"]


def test_one_of_a_class_is_known_by_answers_below_the_top_and_by_names(tmp_path, book):
    """What Ann hands in lies deeper: else Eve's folder beside would be a class, and hold what is then Ann's."""
    deep = fill(tmp_path / "deep", "ann/hw/softmax.py", "bo/a/softmax.py", "bo/b/conv2d.py", "cy/old/softmax.py",
                "cy/src/softmax.py", "eve/x/softmax.py", "eve/y/softmax.py")  # fmt: skip
    with pytest.raises(
        SubmissionError, match=r"lies among students' folders.*--layout folders, or with --layout whole"
    ):
        graded(book, deep / "eve")
    few = fill(tmp_path / "few", "ann/hw/softmax.py", "eve/x/softmax.py", "eve/Ann/softmax.py", "notes/x.txt")
    zips = fill(tmp_path / "zips", "eve/x/softmax.py", "eve/wrapped/softmax.py")
    tool = fill(tmp_path / "tool", "ann/hw/softmax.py", "eve/submitted/ann/ps1/softmax.py",
                "eve/submitted/x/ps1/softmax.py")  # fmt: skip
    (zips / "wrapped.zip").write_bytes(b"")
    for root, who in ((few, "Ann"), (zips, "wrapped"), (tool, "ann")):
        with pytest.raises(SubmissionError, match=f"holds what would be {who}'s.* would be a class of its own"):
            graded(book, root / "eve")
    with zipfile.ZipFile(few / "eve.zip", "w") as archive:
        archive.writestr("hw/ann/softmax.py", "x")
        archive.writestr("hw/x/softmax.py", "x")
    with pytest.raises(SubmissionError, match="holds what would be ann's"):
        graded(book, few / "eve.zip")
    weeks = fill(tmp_path / "weeks", "week1/ann/softmax.py", "week2/ann/softmax.py", "week3/ann/softmax.py",
                 "week3/bo/softmax.py")  # fmt: skip
    assert graded(book, weeks / "week3") == ["ann", "bo"]
    named = fill(tmp_path / "named", *(f"{name}_hw/{name}/softmax.py" for name in ("ann", "bo", "cy")))
    (named / "ann_hw.zip").write_bytes(b"")
    assert graded(book, named / "ann_hw") == ["ann"]
    assert set(graded(book, few / "eve", layout="whole")) == {"eve"}
    assert graded(book, few / "eve", layout="folders") == ["Ann", "x"]


@pytest.mark.parametrize("inner", [
    ("ann/softmax.py", "bo/softmax.py"), ("hw/ann/src/softmax.py", "hw/bo/softmax.py"),
    ("softmax/ann.py", "softmax/bo.py"), ("ann_softmax.py", "bo_softmax.py"), *CLASSES.values(),
])  # fmt: skip
def test_weeks_of_one_class_beside_each_other_are_classes(tmp_path, book, inner):
    root = fill(tmp_path / "term", *(f"week{week}/{path}" for week in (1, 2, 3, 4) for path in inner))
    for week in (1, 2):
        assert len(graded(book, root / f"week{week}")) == 2
        others = [f"week{other}" for other in (1, 2, 3, 4) if other != week]
        assert len(find(root / f"week{week}", NAMES, book, Asked(), others).collection.students) == 2


def test_a_layout_that_is_named_counts(tmp_path, book):
    root = fill(tmp_path / "week3", "ann/softmax.py", "bo/softmax.py")
    graded(book, root)
    assert graded(book, root / "ann", layout="student") == ["ann"]
    assert len(book.classes()) == 2


def test_all_of_a_folder_may_be_one_students(tmp_path, book):
    ann = fill(tmp_path / "ann", "src/softmax.py", "hw/conv2d/answer.py", "old/softmax.py", "notes.pdf")
    found = find(ann, NAMES, book, Asked("whole")).collection
    assert [(each.student, each.exercise, each.inner) for each in found.found] == [
        ("ann", "conv2d", ("hw", "conv2d", "answer.py")), ("ann", "softmax", ("src", "softmax.py")),
    ]  # fmt: skip
    assert graded(book, ann, layout="whole") == ["ann", "ann"]
    assert graded(book, ann / "src") == graded(book, ann / "src/softmax.py") == ["ann"]
    with zipfile.ZipFile(tmp_path / "bo.zip", "w") as archive:
        archive.writestr("ann/softmax.py", "x")
    assert graded(book, tmp_path / "bo.zip", layout="whole") == ["bo"]
    assert [each.layout for each in book.classes()] == ["whole", "whole"]


def test_a_part_replaces_what_was_said_of_it(tmp_path, book):
    root = fill(tmp_path / "week3", *CLASSES["folders"], "cy/softmax.pdf", "di/softmax.pdf")
    graded(book, root)
    assert [each.student for each in book.not_graded()] == ["cy", "di"]
    fill(root, "cy/softmax.py")
    assert graded(book, root / "cy") == ["cy"]
    assert [each.student for each in book.not_graded()] == ["di"]
    with pytest.raises(SubmissionError, match="holds nothing that answers an exercise"):
        graded(book, fill(root, "notes.txt") / "notes.txt")


def test_a_file_is_of_a_class_unless_its_author_says_so(tmp_path, book):
    root = fill(tmp_path / "week3", *CLASSES["folders"], "mine.py")
    graded(book, root)
    assert is_part_of_class(root / "ann/src/softmax.py", book.path)
    assert not is_part_of_class(root / "mine.py", book.path)
    assert not is_part_of_class(root / "ann/none.py", book.path)
    assert not is_part_of_class(fill(tmp_path, "else/softmax.py") / "else/softmax.py", book.path)
    (tmp_path / "broken.sqlite").write_text("not a gradebook, but long enough to be looked at" * 30)
    assert not is_part_of_class(root / "ann/src/softmax.py", tmp_path / "broken.sqlite")
    for around in (root, root / "ann"):  # of either the author may be a student
        with Gradebook(root / "ann/reports" / FILE_NAME) as planted:
            graded(planted, around)
            assert not is_part_of_class(root / "ann/src/softmax.py", planted.path)


def test_the_number_of_a_group_is_not_that_of_a_person(tmp_path, book):
    weeks = [fill(tmp_path / "week1", "Ann Lee_55_assignsubmission_file_/softmax.py"),
             fill(tmp_path / "week2", "Group A_55_assignsubmission_file_/conv2d.py")]  # fmt: skip
    for _ in range(2):
        assert [graded(book, week) for week in weeks] == [["55"], ["55 Group A"]]


def test_downloads_beside_each_other_are_several(tmp_path, book):
    weeks = ["week1/Ann_1_assignsubmission_file_/softmax.py", "week1/Bo_2_assignsubmission_file_/softmax.py",
             "week2/Ann_8_assignsubmission_file_/conv2d.py", "week2/Bo_9_assignsubmission_file_/conv2d.py"]  # fmt: skip
    graded(book, fill(tmp_path / "term", *weeks))
    assert book.people().owners == {"1": ("1",), "2": ("2",), "8": ("1",), "9": ("2",)}


def test_a_file_of_a_class_with_one_exercise_was_meant_for_that(tmp_path, book):
    graded(book, fill(tmp_path / "week3", "ann/softmax.py", "bo/homework.docx"))
    assert [(each.student, each.exercise) for each in book.not_graded()] == [("bo", "softmax")]


def test_a_class_in_a_zip_is_noted(tmp_path, book):
    with zipfile.ZipFile(tmp_path / "week3.zip", "w") as archive:
        for path in CLASSES["moodle"]:
            archive.writestr(path, "x")
    assert graded(book, tmp_path / "week3.zip") == ["12", "13"]
    assert [(each.layout, each.renumbered) for each in book.classes()] == [("moodle", True)]
