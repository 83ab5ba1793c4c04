"""Everybody who handed in anything is in one of two lists: what is graded, or what is not, and why."""

import os
import zipfile

import pytest

from grader.submissions.attempts import Rules
from grader.submissions.discovery import Asked, discover

NAMES = ("softmax", "conv2d", "lstm_cell")
KINDS = {
    "softmax.py.txt": "rename it to softmax.py",
    "softmax.PY_": "rename it to softmax.py",
    "softmax": "rename it to softmax.py",
    "softmax.ipynb.json": "rename it to softmax.ipynb",
    "softmax.ipynb.txt": "rename it to softmax.ipynb",
    "softmax.pdf": "a .pdf file cannot be graded",
    "Answer.docx": "a .docx file cannot be graded",
    "photo.HEIC": "a .HEIC file cannot be graded",
}


def build(path, files):
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def lost(collection):
    return {each.student: (each.exercise, each.reason) for each in collection.unplaced if each.lost}


@pytest.mark.parametrize("exercise", [None, "softmax"])
@pytest.mark.parametrize("file", KINDS)
@pytest.mark.parametrize("place", ["Bo Ek_{}_assignsubmission_file/", "ekbo_{}_901_", "hw-submissions/hw-{}/", "{}/"])
def test_a_file_of_another_kind_is_its_students(tmp_path, place, file, exercise):
    files = {place.format(7) + "softmax.py": "x", place.format(8) + file: "x"}
    root = build(tmp_path / "week3.zip", files)
    collection = discover(root, NAMES, asked=Asked(exercise=exercise))
    assert [found.student for found in collection.found] == ["7"]
    assert set(lost(collection)) == {"8"}
    told, reason = lost(collection)["8"]
    assert KINDS[file] in reason
    assert told == ("softmax" if exercise or "softmax" in file else "")
    assert "2 students" in collection.summary()
    assert "1 with nothing that can be graded" in collection.summary()


def test_a_class_in_which_nothing_can_be_graded_is_listed(tmp_path):
    files = {f"{name}_{i}_assignsubmission_file/softmax.pdf": "x" for i, name in enumerate(["Ann", "Bo", "Cy"])}
    collection = discover(build(tmp_path / "a.zip", files), NAMES)
    assert (collection.layout, collection.found, sorted(lost(collection))) == ("moodle", (), ["0", "1", "2"])


@pytest.mark.parametrize(
    "path", ["Cy_9_assignsubmission_onlinetext/onlinetext.html", "orrcy_9_text.html", "orrcy_LATE_9_link.html"]
)
def test_an_online_text_is_its_students(tmp_path, path):
    other = "Ann_7_assignsubmission_file/softmax.py" if "assign" in path else "leeann_7_901_softmax.py"
    collection = discover(build(tmp_path / "a.zip", {path: "x", other: "x"}), NAMES)
    assert lost(collection)["9"] == ("", "an online text, not a file: ask for the .py or .ipynb file")


def test_empty_and_refused_files_have_owners(tmp_path):
    for name in ("ann", "bo", "cy", "di", "ed"):
        (tmp_path / name).mkdir()
    (tmp_path / "ann/softmax.py").write_text("x")
    (tmp_path / "bo/softmax.py").write_text("")
    (tmp_path / "cy/softmax.txt").write_text("")
    (tmp_path / "di/softmax.py").symlink_to("/etc/passwd")
    (tmp_path / "ed/.git").mkdir()
    assert {student: reason.partition(":")[0] for student, (_, reason) in lost(discover(tmp_path, NAMES)).items()} == {
        "bo": "the file is empty",
        "cy": "the file is empty",
        "di": "a symbolic link is not followed",
        "ed": "nothing is in the folder that could be graded",
    }


def test_what_lies_beside_an_answer_costs_nobody_a_line(tmp_path):
    extras = ["notes.pdf", "README.md", "test_softmax.py", "conftest.py", "__init__.py", "data.csv"]
    root = build(tmp_path / "a.zip", dict.fromkeys(["ann/softmax.py", *(f"ann/{each}" for each in extras)], "x"))
    assert discover(root, NAMES).unplaced == ()
    root = build(tmp_path / "b.zip", {"ann/softmax.py": "x", "ann/conv2d.py.txt": "x", "bo/test_softmax.py": "x"})
    assert lost(discover(root, NAMES)).keys() == {"ann", "bo"}  # another answer, and all that there is


def test_among_files_by_name_one_that_tells_nobody_is_told(tmp_path):
    files = ["ann_softmax.py", "bo_softmax.pdf", "homework.docx", "grades.csv", "README.md"]
    collection = discover(build(tmp_path / "a.zip", dict.fromkeys(files, "x")), NAMES)
    assert [(each.student, each.path.rpartition("/")[2]) for each in collection.unplaced] == [
        ("bo", "bo_softmax.pdf"),
        ("", "homework.docx"),
    ]


def test_files_can_be_ignored_but_not_people(tmp_path):
    root = build(tmp_path / "a.zip", dict.fromkeys(["ann/softmax.py", "ann/mine.py", "bo/old/softmax.py"], "x"))
    collection = discover(root, NAMES, asked=Asked(rules=Rules(ignore=("mine.py", "old/*"))))
    assert [each.student for each in collection.unplaced] == ["bo"]
    assert "--ignore" in lost(collection)["bo"][1]


def test_many_files_of_one_student_do_not_push_another_out(tmp_path):
    files = {f"eve/{i}.txt": "x" for i in range(500)}
    root = build(tmp_path / "a.zip", files | {"ann/softmax.py": "x", "fay/a.pdf": "x"})
    collection = discover(root, NAMES)
    assert set(lost(collection)) == {"eve", "fay"}
    assert len(collection.unplaced) < 10


def test_the_reports_are_nobodys(tmp_path):
    for path in ("ann/softmax.py", "bo/softmax.py", "reports/index.html", "reports/softmax/ann.html"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("x")
    asked = Asked(skipped=tmp_path / "reports")
    assert discover(tmp_path, NAMES, asked=asked).students.keys() == {"ann", "bo"}
    assert discover(tmp_path, NAMES).students.keys() == {"ann", "bo", "reports"}


@pytest.mark.skipif(os.name == "nt", reason="names of files are Unicode there")
def test_a_name_that_is_not_unicode_is_still_somebodys(tmp_path):
    for name in (b"ann", b"b\xff"):
        os.mkdir(os.path.join(os.fsencode(tmp_path), name))
    for name in (b"ann/softmax.py", b"b\xff/softmax.py"):
        with open(os.path.join(os.fsencode(tmp_path), name), "w") as file:
            file.write("x")
    collection = discover(tmp_path, NAMES)
    assert collection.students.keys() == {"ann", "b?"}
