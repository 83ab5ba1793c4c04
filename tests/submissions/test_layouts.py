"""What learning platforms and tools hand out, each in the forms that they write, whole and in odd cases."""

import datetime
import io
import zipfile
from zoneinfo import ZoneInfo

import pytest

from grader.submissions.discovery import Asked, discover
from grader.submissions.folder import MAX_FILES
from grader.submissions.metadata import read_metadata

NAMES = ("softmax", "conv2d", "lstm_cell")
BERLIN = ZoneInfo("Europe/Berlin")


def zipped(files, path=None):
    target = path or io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 10, 1, 12, 0, 0)), data)
    return path or target.getvalue()


def build(tmp_path, form, files, name="week3"):
    if form == "zip":
        return zipped(files, tmp_path / f"{name}.zip")
    for path, data in files.items():
        target = tmp_path / name / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data if isinstance(data, bytes) else data.encode())
    return tmp_path / name


def utc(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).strftime("%Y-%m-%d %H:%M:%S")


METADATA = """---
submission_901:
  :submitters:
  - :name: Ann Lee
    :sid: '0042'
    :email: ann@uni.edu
  :created_at: 2026-10-01 10:00:00.123456789 Z
  :score: 3.0
  :history:
  - :name: not a submitter
submission_902:
  :submitters:
  - :name: "Bo \\"B\\" Ek"
    :sid:
    :email: bo@uni.edu
  - :name: 'Cy O''Neill'
    :sid: '44'
    :email: cy@uni.edu
  :created_at: 2026-10-01 13:00:00.000 +02:00
"""
LAYOUTS = {
    "moodle without ids": (
        "moodle", ["Ann Lee_assignsubmission_file_/softmax.py", "Bo Ek_assignsubmission_file/src/conv2d.py"],
        [("Ann Lee", "Ann Lee", "softmax"), ("Bo Ek", "Bo Ek", "conv2d")],
    ),
    "moodle groups": (
        "moodle", ["Team 7_55_assignsubmission_file/softmax.py", "Default group_assignsubmission_file/softmax.py"],
        [("55", "Team 7", "softmax"), ("Default group", "Default group", "softmax")],
    ),
    "moodle flat without ids": (
        "moodle", ["Ann Lee_assignsubmission_file_softmax.py", "Bo_13_assignsubmission_file_conv2d.py"],
        [("13", "Bo", "conv2d"), ("Ann Lee", "Ann Lee", "softmax")],
    ),
    "canvas anonymous": (
        "canvas", ["anon_Qx1zP_901_softmax.py", "LATE_anon_B2b3C_902_conv2d.py", "anon_Qx1zP_903_softmax-1.py"],
        [("B2b3C", "B2b3C", "conv2d"), ("Qx1zP", "Qx1zP", "softmax"), ("Qx1zP", "Qx1zP", "softmax")],
    ),
    "canvas: a student called Anon": (
        "canvas", ["anon_12345_901_softmax.py", "lee_12346_902_softmax.py"],
        [("12345", "anon", "softmax"), ("12346", "lee", "softmax")],
    ),
    "canvas zips unpacked": (
        "canvas", ["leeann_12_901_homework/softmax.py", "ekbo_LATE_13_902_hw/src/conv2d.py", "orrcy_14_903_softmax.py"],
        [("12", "leeann", "softmax"), ("13", "ekbo", "conv2d"), ("14", "orrcy", "softmax")],
    ),
    "nbgrader's exchange": (
        "nbgrader",
        ["inbound/ann+ps1+2026-10-01 10:00:00.5 UTC+a9x/softmax.ipynb",
         "inbound/bo+ps1+2026-10-01 10:00:00 CEST/x.ipynb"],
        [("ann", "ann", "softmax"), ("bo", "bo", "")],
    ),
    "the assistant's dated folder": (
        "classroom", ["hw3-10-01-2026-12-30-00/ann-lee/softmax.py", "hw3-10-01-2026-12-30-00/hw3-bo/conv2d.py"],
        [("ann-lee", "ann-lee", "softmax"), ("bo", "bo", "conv2d")],
    ),
    "classroom 50": (
        "classroom50", ["dl24-week-3-ann-lee/softmax.py", "dl24-week-3-bo/src/conv2d.py", "dl24-week-3-cy/softmax.py"],
        [("ann-lee", "ann-lee", "softmax"), ("bo", "bo", "conv2d"), ("cy", "cy", "softmax")],
    ),
    "blackboard": (
        "blackboard",
        ["Home_work_1_ann_attempt_2026-10-01-12-00-00_softmax.py",
         "Home_work_1_b_ek_attempt_2026-10-01-12-00-00_conv2d.py",
         "Home_work_1_ann_attempt_2026-10-02-12-00-00_softmax.py", "Home_work_1_ann_attempt_2026-10-01-12-00-00.txt"],
        [("ann", "ann", "softmax"), ("ann", "ann", "softmax"), ("b_ek", "b_ek", "conv2d")],
    ),
    "brightspace": (
        "brightspace",
        ["17-90 - Ann Lee - Oct 1, 2026 905 AM/softmax.py",
         "18-90 - Bo Ek - Oct 1, 2026 1205 PM/conv2d.py", "index.html"],
        [("17-90", "Ann Lee", "softmax"), ("18-90", "Bo Ek", "conv2d")],
    ),
    "gradescope": (
        "gradescope",
        ["assignment_7_export/submission_901/softmax.py", "assignment_7_export/submission_902/src/conv2d.py",
         "assignment_7_export/submission_903/conv2d.py", "assignment_7_export/submission_metadata.yml"],
        [("0042", "Ann Lee", "softmax"), ("44", "Cy O'Neill", "conv2d"), ("bo@uni.edu", 'Bo "B" Ek', "conv2d"),
         ("submission_903", "submission_903", "conv2d")],
    ),
}  # fmt: skip


def content(path):
    return METADATA if path.endswith("metadata.yml") else f"# {path}"


@pytest.mark.parametrize("form", ["folder", "zip"])
@pytest.mark.parametrize("case", LAYOUTS)
def test_a_download_is_understood(tmp_path, case, form):
    layout, paths, expected = LAYOUTS[case]
    collection = discover(build(tmp_path, form, {path: content(path) for path in paths}), NAMES)
    found = sorted((each.student, each.name, each.exercise) for each in collection.found)
    assert (collection.layout, found, collection.unplaced) == (layout, expected, ())


@pytest.mark.parametrize("form", ["folder", "zip"])
@pytest.mark.parametrize(("case", "times"), [
    ("nbgrader's exchange", ["2026-10-01 08:00:00", "2026-10-01 10:00:00"]),
    ("blackboard", ["2026-10-01 10:00:00", "2026-10-01 10:00:00", "2026-10-02 10:00:00"]),
    ("brightspace", ["2026-10-01 07:05:00", "2026-10-01 10:05:00"]),
    ("gradescope", ["2026-10-01 10:00:00", "2026-10-01 11:00:00", "2026-10-01 11:00:00"]),
])  # fmt: skip
def test_a_tool_tells_the_time(tmp_path, case, times, form):
    root = build(tmp_path, form, {path: content(path) for path in LAYOUTS[case][1]})
    collection = discover(root, NAMES, asked=Asked(zone=BERLIN))
    assert sorted(utc(each.submitted) for each in collection.found if each.dated) == times


@pytest.mark.parametrize("case", ["canvas anonymous", "the assistant's dated folder", "classroom 50"])
def test_where_no_time_is_known_that_is_said(tmp_path, case):
    collection = discover(build(tmp_path, "zip", dict.fromkeys(LAYOUTS[case][1], "x")), NAMES)
    assert [each.dated for each in collection.found] == [False] * len(collection.found)
    assert "handed in is not known" in collection.notes[0]


def test_students_numbers_are_not_repositories(tmp_path):
    files = {f"team-group-{i}/softmax.py": "x" for i in range(3)}
    assert discover(build(tmp_path, "zip", files), NAMES).layout == "folders"


def test_a_name_that_blackboard_did_not_give_tells_nothing(tmp_path):
    """The name of a file may look like that of another's attempt, of another day."""
    files = {"hw_eve_attempt_2026-10-02-12-00-00_hw_ann_attempt_2026-10-01-12-00-00_softmax.py": "x"}
    (found,) = discover(build(tmp_path, "zip", files), NAMES, asked=Asked("blackboard", "softmax")).found
    assert (found.student, utc(found.submitted)) == ("eve", "2026-10-02 12:00:00")


def test_a_student_writes_no_metadata(tmp_path):
    lie = METADATA.replace("submission_901", "submission_5").replace("Ann Lee", "Somebody")
    files = {"assignment_7_export/submission_5/submission_metadata.yml": lie,
             "assignment_7_export/submission_5/softmax.py": "x",
             "assignment_7_export/submission_6/assignment_7_export/submission_901/softmax.py": "x"}  # fmt: skip
    found = discover(build(tmp_path, "zip", files), NAMES).found
    assert [each.student for each in found] == ["submission_5", "submission_6"]


def test_metadata_that_is_not_gradescopes_tells_nothing():
    assert read_metadata("submission_1:\n  :submitters: [x\n- - :name: y\n\t:sid: 1") == {
        "submission_1": read_metadata("submission_1:")["submission_1"]
    }
    assert read_metadata("!!python/object:os.system\n" * 3) == {}


# Zips within what was handed in

INNER = {"hw/softmax.py": "inner", "hw/__pycache__/x.py": "no", "README.md": "x"}


@pytest.mark.parametrize("form", ["folder", "zip"])
@pytest.mark.parametrize(("place", "student"), [
    ("leeann_12_901_work.zip", "12"), ("Ann Lee_12_assignsubmission_file_/work.zip", "12"), ("ann/work.zip", "ann"),
    ("Ann Lee_12_assignsubmission_file_work.zip", "12"), ("hw-submissions/hw-ann/my.zip", "ann"), ("ann.zip", "ann"),
])  # fmt: skip
def test_a_zip_within_is_opened(tmp_path, place, student, form):
    root = build(tmp_path, form, {place: zipped(INNER), place.replace("12", "13").replace("nn", "dd"): zipped(INNER)})
    collection = discover(root, NAMES)
    by_student = {each.student: each for each in collection.found}
    assert len(by_student) == 2
    found = by_student[student]
    assert (found.exercise, found.read(), found.path) == ("softmax", b"inner", f"{root}/{place}/hw/softmax.py")


def test_what_is_in_a_zip_has_the_zips_date_and_no_say(tmp_path):
    inner = zipped({"Bob_12_assignsubmission_file_/softmax.py": "x", "timestamp.txt": "2001-01-01 00:00:00 UTC"})
    files = {"Ann_11_assignsubmission_file_/softmax.py": "x", "Eve_19_assignsubmission_file_/all.zip": inner}
    (ann, eve) = discover(build(tmp_path, "zip", files), NAMES).found
    assert (eve.student, eve.submitted) == ("19", ann.submitted)


def test_a_download_in_the_folder_of_the_class_has_its_own_dates(tmp_path):
    answer = zipped({"softmax.py": "y", "deeper.zip": zipped({"softmax.py": "z"})})
    inside = zipped({"Ann_11_assignsubmission_file_/softmax.py": "x", "Bo_12_assignsubmission_file_/hw.zip": answer})
    beside = {"download.zip": inside, "assignment.toml": "title = 'Week 3'"}
    collection = discover(build(tmp_path, "folder", beside, name="class"), NAMES)
    noon = datetime.datetime(2026, 10, 1, 12).timestamp()
    assert [(each.student, each.submitted) for each in collection.found] == [("11", noon), ("12", noon)]
    bo = f"{tmp_path}/class/download.zip/Bo_12_assignsubmission_file_/hw.zip"
    assert (collection.found[1].path, collection.found[1].read()) == (f"{bo}/softmax.py", b"y")
    assert [path for path, _ in collection.problems] == [f"{bo}/deeper.zip"]


def test_zips_that_are_no_help_are_one_line_each(tmp_path, monkeypatch):
    monkeypatch.setattr("grader.submissions.folder.MAX_ARCHIVE", 2000)
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("softmax.py", bytes(600_000))
    files = {
        "ann/softmax.py": "x", "bad/a.zip": b"PK nonsense", "big/a.zip": b"x" * 3000, "bomb/a.zip": bomb.getvalue(),
        "deep/a.zip": zipped({"b.zip": zipped(INNER)}), "empty/a.zip": zipped({}),
        "out/a.zip": zipped({"../s.py": "x"}),
    }  # fmt: skip
    collection = discover(build(tmp_path, "folder", files), NAMES)
    said = {each.student: each.reason for each in collection.unplaced if each.lost}
    assert said.keys() == {"bad", "big", "bomb", "deep", "empty", "out"}
    for student, words in [("bad", "damaged"), ("big", "not opened"), ("bomb", "larger than"), ("out", "leads out"),
                           ("deep", "a zip within a zip"), ("empty", "the zip is empty")]:  # fmt: skip
        assert words in said[student]


def test_all_zips_of_a_student_are_within_the_limits_of_one(tmp_path, monkeypatch):
    monkeypatch.setattr("grader.submissions.folder.MAX_FILES", 20)
    many = zipped({f"{i}.py": "x" for i in range(15)})
    files = {"ann/softmax.py": "x", "eve/a.zip": many, "eve/b.zip": many}
    collection = discover(build(tmp_path, "folder", files), NAMES)
    assert [each.student for each in collection.found] == ["ann"]
    assert ["holds more than" in each.reason for each in collection.unplaced] == [True]
    assert MAX_FILES == 10_000
