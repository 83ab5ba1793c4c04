"""Submissions are found in every layout, in folders and zips; what cannot be placed is one line and stops nothing."""

import os
import socket
import stat
import threading
import zipfile
from itertools import pairwise

import pytest

from grader.submissions.discovery import LAYOUTS, discover
from grader.submissions.folder import MAX_ENTRIES
from grader.submissions.submission import MAX_NOTEBOOK, MAX_SOURCE, SubmissionError
from grader.submissions.zip_archive import MAX_ALL

NAMES = ("softmax", "conv2d", "lstm_cell", "attention", "multi_head_attention")


def fill(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def pack(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def build(tmp_path, form, files, name="week3"):
    return fill(tmp_path / name, files) if form == "folder" else pack(tmp_path / f"{name}.zip", files)


def answers(collection):
    return [(found.student, found.name, found.exercise) for found in collection.found]


def reasons(collection, root):
    return {path.removeprefix(f"{root}/"): reason for path, reason in collection.problems}


CLASSES = {
    "moodle": (
        ["Ann Lee_12_assignsubmission_file_/softmax.py", "Bo Ek_13_assignsubmission_file/src/conv2d.py",
         "Cy_14_assignsubmission_file_softmax.py"],
        [("12", "Ann Lee", "softmax"), ("13", "Bo Ek", "conv2d"), ("14", "Cy", "softmax")],
    ),
    "canvas": (
        ["leeann_12_901_softmax-1.py", "ekbo_LATE_13_902_lstm_cell.py"],
        [("12", "leeann", "softmax"), ("13", "ekbo", "lstm_cell")],
    ),
    "classroom": (
        ["week-3-submissions/week-3-ann-lee/softmax.py", "week-3-submissions/week-3-bo/exercises/conv2d.py"],
        [("ann-lee", "ann-lee", "softmax"), ("bo", "bo", "conv2d")],
    ),
    "nbgrader": (
        ["submitted/ann/ps1/problem1.ipynb", "submitted/bo/ps1/softmax.ipynb", "source/ps1/problem1.ipynb",
         "release/ps1/problem1.ipynb", "autograded/ann/ps1/problem1.ipynb", "autograded/bo/ps1/problem1.ipynb"],
        [("ann", "ann", ""), ("bo", "bo", "softmax")],
    ),
    "exercises": (
        ["softmax/ann.py", "softmax/bo (1).py", "conv2d/cy/answer.py", "conv2d/di_conv2d.py"],
        [("ann", "ann", "softmax"), ("bo", "bo", "softmax"), ("cy", "cy", "conv2d"), ("di", "di", "conv2d")],
    ),
    "folders": (
        ["ann/softmax.py", "ann/exercises/conv2d.py", "bo/src/deep/Softmax.PY", "cy/conv2d/answer.py"],
        [("ann", "ann", "conv2d"), ("ann", "ann", "softmax"), ("bo", "bo", "softmax"), ("cy", "cy", "conv2d")],
    ),
    "flat": (
        ["ann_softmax.py", "bo_ek-lstm_cell.py", "cy_multi_head_attention.ipynb"],
        [("ann", "ann", "softmax"), ("bo_ek", "bo_ek", "lstm_cell"), ("cy", "cy", "multi_head_attention")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("form", ["folder", "zip"])
@pytest.mark.parametrize("layout", CLASSES)
def test_a_layout_is_detected(tmp_path, layout, form):
    paths, expected = CLASSES[layout]
    root = build(tmp_path, form, {path: f"# {path}" for path in paths})
    collection = discover(root, NAMES)
    assert (collection.layout, answers(collection), collection.problems) == (layout, expected, ())
    assert all(f"{root}/" + found.read().decode()[2:] == found.path for found in collection.found)


@pytest.mark.parametrize("layout", CLASSES)
def test_a_layout_can_be_named(tmp_path, layout):
    paths, expected = CLASSES[layout]
    more = {f"{path}{i}" for i, other in enumerate(CLASSES) if other != layout for path in CLASSES[other][0]}
    root = fill(tmp_path, dict.fromkeys([*paths, *more], "x"))
    assert answers(discover(root, NAMES, layout)) == expected
    assert layout in LAYOUTS


def test_a_named_layout_overrides_what_would_be_detected(tmp_path):
    fill(tmp_path, {"ann_12_34_softmax.py": "x"})
    assert discover(tmp_path, NAMES).found[0].student == "12"
    assert discover(tmp_path, NAMES, "flat").found[0].student == "ann_12_34"


def test_the_root_may_be_the_folder_that_marks_the_layout(tmp_path):
    fill(tmp_path / "submitted", {"ann/ps1/problem1.ipynb": "{}"})
    fill(tmp_path / "hw-submissions", {"hw-ann/softmax.py": "x"})
    pack(tmp_path / "hw-submissions.zip", {"hw-ann/softmax.py": "x"})
    assert discover(tmp_path / "submitted", NAMES).layout == "nbgrader"
    for name in ("hw-submissions", "hw-submissions.zip"):
        assert answers(discover(tmp_path / name, NAMES)) == [("ann", "ann", "softmax")]


@pytest.mark.parametrize("form", ["folder", "zip"])
def test_a_folder_around_the_class_is_no_student(tmp_path, form):
    files = {"week3/ann/softmax.py": "x", "week3/bo/softmax.py": "x", "week3/bo/conv2d.py": "x"}
    assert [student for student, _, _ in answers(discover(build(tmp_path, form, files), NAMES))] == ["ann", "bo", "bo"]
    flat = {"week3/ann_softmax.py": "x", "week3/bo_conv2d.py": "x"}
    assert discover(build(tmp_path, form, flat, "flat"), NAMES).layout == "flat"


def test_the_only_student_may_have_folders(tmp_path):
    fill(tmp_path, {"ann/exercises/softmax.py": "x", "ann/src/conv2d.py": "x"})
    assert answers(discover(tmp_path, NAMES)) == [("ann", "ann", "conv2d"), ("ann", "ann", "softmax")]


def test_stray_files_do_not_turn_a_download_into_folders_of_students(tmp_path):
    fill(tmp_path, dict.fromkeys([*CLASSES["moodle"][0], "mine/softmax.py", "mine/conv2d.py"], "x"))
    collection = discover(tmp_path, NAMES)
    assert collection.summary() == "Moodle download: 3 students, 2 exercises, 2 files I could not place"
    assert "tells no student" in reasons(collection, tmp_path)["mine/softmax.py"]


def test_the_summary_counts_in_words(tmp_path):
    fill(tmp_path, {"ann/softmax.py": "x"})
    assert discover(tmp_path, NAMES).summary() == "One folder a student: 1 student, 1 exercise"
    fill(tmp_path, {"bo/week.ipynb": "{}", "bo/other.py": "x"})
    assert discover(tmp_path, NAMES).summary() == (
        "One folder a student: 2 students, 1 exercise, 1 notebook of several exercises, 1 file I could not place"
    )


@pytest.mark.parametrize(
    ("name", "number"),
    [("softmax", 0), ("softmax (1)", 1), ("softmax(2)", 2), ("softmax-2", 2), ("softmax_v2", 2), ("SoftMax (copy)", 1),
     ("softmax - Copy", 1), ("softmax copy 2", 3), ("softmax-v2 (1)", 3)],
)  # fmt: skip
def test_what_downloads_add_to_a_name_is_stripped(tmp_path, name, number):
    fill(tmp_path, {f"ann/{name}.py": "x", f"bo_{name}.py": "x"})
    for layout in ("folders", "flat"):
        (found,) = discover(tmp_path, NAMES, layout).found
        assert (found.exercise, found.number) == ("softmax", number)


def test_a_name_that_is_near_is_asked_for_and_not_guessed(tmp_path):
    fill(tmp_path, dict.fromkeys(["ann/softmax.py", "ann/sofmax.py", "bo/helper.py", "bo/test_softmax.py"], "x"))
    collection = discover(tmp_path, NAMES)
    assert reasons(collection, tmp_path) == {
        "ann/sofmax.py": "no exercise is named 'sofmax': did you mean softmax?",
        "bo/helper.py": "no exercise is named 'helper'",
        "bo/test_softmax.py": "no exercise is named 'test_softmax'",
    }
    flat = fill(tmp_path / "flat", dict.fromkeys(["ann_softmax.py", "bo_sofmax.py", "softmax.py"], "x"))
    said = reasons(discover(flat, NAMES), flat)
    assert said["bo_sofmax.py"] == "no exercise is named 'sofmax': did you mean softmax?"
    assert "tells no student" in said["softmax.py"]


def test_a_folder_names_the_exercise_of_the_one_file_in_it(tmp_path):
    one = fill(tmp_path / "one", {"softmax-submissions/softmax-ann/main.py": "x", "submitted/bo/softmax/a.ipynb": "{}"})
    assert answers(discover(one, NAMES, "classroom")) == [("ann", "ann", "softmax")]
    assert answers(discover(one, NAMES, "nbgrader")) == [("bo", "bo", "softmax")]
    fill(one, {"softmax-submissions/softmax-ann/utils.py": "x", "submitted/bo/softmax/b.ipynb": "{}"})
    assert answers(discover(one, NAMES, "nbgrader")) == [("bo", "bo", ""), ("bo", "bo", "")]
    collection = discover(one, NAMES, "classroom")
    assert (answers(collection), {each.student for each in collection.unplaced if each.lost}) == ([], {"ann"})


def test_folder_and_file_that_disagree_are_not_placed(tmp_path):
    fill(tmp_path, dict.fromkeys(["softmax/ann.py", "softmax/bo_conv2d.py", "softmax/softmax.py"], "x"))
    collection = discover(tmp_path, NAMES, "exercises")
    assert (answers(collection), len(collection.problems)) == ([("ann", "ann", "softmax")], 2)


@pytest.mark.parametrize(
    ("layout", "paths"),
    [("folders", ["ann/main.py", "bo/softmax.py"]), ("flat", ["ann.py", "bo_softmax.py"]),
     ("moodle", ["A_ann_assignsubmission_file_/x.py", "Ann_1_assignsubmission_file_/main.py"])],
)  # fmt: skip
def test_all_files_answer_a_named_exercise(tmp_path, layout, paths):
    collection = discover(fill(tmp_path, dict.fromkeys(paths, "x")), NAMES, exercise="softmax")
    assert collection.layout == layout
    assert {found.exercise for found in collection.found} == {"softmax"}


def test_the_last_of_several_attempts_is_the_newest(tmp_path):
    fill(tmp_path, dict.fromkeys(["ann/softmax.py", "ann/softmax (1).py", "ann/old/softmax.py"], "x"))
    for name, date in [("ann/softmax.py", 500), ("ann/softmax (1).py", 500), ("ann/old/softmax.py", 900)]:
        os.utime(tmp_path / name, (date, date))
    fill(tmp_path, {"ann/week/softmax.py": "x"})
    os.utime(tmp_path / "ann/week/softmax.py", (400, 400))
    found = discover(tmp_path, NAMES).found  # not what is in a folder `old`, whatever its date
    assert [(each.submitted, each.number) for each in found] == [(400, 0), (500, 0), (500, 1)]


def test_canvas_orders_attempts_by_its_ids_whatever_the_dates_of_the_download(tmp_path):
    fill(tmp_path, {"lee_1_20_softmax-1.py": "new", "lee_1_9_softmax.py": "old"})
    os.utime(tmp_path / "lee_1_20_softmax-1.py", (100, 100))
    assert [found.read() for found in discover(tmp_path, NAMES).found] == [b"old", b"new"]


@pytest.mark.parametrize(
    ("text", "submitted"),
    [("2015-02-02 15:58:23.5 UTC", 1422892703.5), ("2015-02-02 15:58:23.5 Europe/Berlin\n", 1422889103.5),
     ("2015-02-02 15:58:23.5", 1422892703.5), ("2015-02-02T16:58:23.5+01:00", 1422892703.5),
     ("2015-02-02 15:58:23 ../../etc", 100), ("soon", 100), (b"\xff", 100), ("9" * 2000, 100)],
)  # fmt: skip
def test_nbgrader_tells_the_time_of_a_submission(tmp_path, text, submitted):
    fill(tmp_path, {"submitted/ann/ps1/softmax.ipynb": "{}", "submitted/ann/ps1/timestamp.txt": text})
    os.utime(tmp_path / "submitted/ann/ps1/softmax.ipynb", (100, 100))
    assert discover(tmp_path, NAMES).found[0].submitted == submitted


def test_a_zip_tells_its_dates(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for i, date in enumerate([(2024, 5, 1, 12, 0, 0), (2024, 5, 1, 12, 0, 10), (1980, 0, 0, 0, 0, 0)]):
            archive.writestr(zipfile.ZipInfo(f"s{i}/softmax.py", date), "x")
    first, second, _ = discover(tmp_path / "a.zip", NAMES).found
    assert second.submitted - first.submitted == 10


@pytest.mark.parametrize("form", ["folder", "zip"])
def test_what_nobody_submits_is_passed_over(tmp_path, form):
    ignored = [".git/a.py", "__pycache__/a.py", "__MACOSX/a.py", ".DS_Store", ".softmax.py",
               ".ipynb_checkpoints/a.ipynb", "README.md", "data.csv", "venv/lib/site-packages/a.py"]  # fmt: skip
    root = build(tmp_path, form, {"ann/softmax.py": "x", **{f"ann/{name}": "x" for name in ignored}})
    collection = discover(root, NAMES)
    assert (len(collection.found), collection.problems) == (1, ())


def test_students_that_a_file_system_would_confuse_stay_apart(tmp_path):
    files = ["Ann/softmax.py", "ann/softmax.py", "a_b/softmax.py", "a-b/softmax.py", "a b/softmax.py"]
    root = pack(tmp_path / "a.zip", dict.fromkeys(files, "x"))
    assert len({found.student for found in discover(root, NAMES).found}) == 5


@pytest.mark.parametrize("form", ["folder", "zip"])
def test_empty_files_large_ones_and_archives_are_one_line_each(tmp_path, form):
    files = {
        "ann/softmax.py": b"#" * MAX_SOURCE,
        "bo/softmax.py": b"#" * (MAX_SOURCE + 1),
        "bo/conv2d.py": b"",
        "cy/week.ipynb": b" " * (MAX_NOTEBOOK + 1),
        "cy/softmax.zip": b"PK",
        "di/work.TAR.gz": b"",
    }
    root = build(tmp_path, form, files)
    collection = discover(root, NAMES)
    assert len(collection.found[0].read()) == MAX_SOURCE
    assert [(path, said.partition(":")[0]) for path, said in reasons(collection, root).items()] == [
        ("bo/conv2d.py", "the file is empty"),
        ("bo/softmax.py", "larger than 256 KiB"),
        ("cy/softmax.zip", "damaged, or no zip at all"),
        ("cy/week.ipynb", "larger than 65536 KiB"),
        ("di/work.TAR.gz", "the file is empty"),
    ]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs FIFOs")
def test_in_a_folder_only_regular_files_are_opened(tmp_path):
    root = fill(tmp_path / "root", {"ann/softmax.py": "x"})
    outside = fill(tmp_path / "outside", {"softmax.py": "secret"})
    (root / "link").symlink_to(outside)
    (root / "ann" / "loop").symlink_to(root)
    (root / "ann" / "conv2d.py").symlink_to(outside / "softmax.py")
    os.mkfifo(root / "ann" / "attention.py")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(root / "ann" / "lstm_cell.py"))
    collection = discover(root, NAMES)
    assert answers(collection) == [("ann", "ann", "softmax")]
    said = reasons(collection, root)
    assert sorted(said) == ["ann/attention.py", "ann/conv2d.py", "ann/loop", "ann/lstm_cell.py", "link"]
    assert all("symbolic link" in said[name] for name in ("link", "ann/loop", "ann/conv2d.py"))
    assert all("not a regular file" in said[name] for name in ("ann/attention.py", "ann/lstm_cell.py"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs FIFOs")
def test_a_file_that_changed_since_is_not_read(tmp_path):
    path = fill(tmp_path, {"ann/softmax.py": "x"}) / "ann" / "softmax.py"
    (found,) = discover(tmp_path, NAMES).found

    def becomes(make, said):
        path.unlink(missing_ok=True)
        make()
        with pytest.raises(SubmissionError, match=said):
            found.read()

    becomes(lambda: path.symlink_to("/etc/passwd"), "cannot be read")
    becomes(lambda: os.mkfifo(path), "is not a regular file")
    becomes(lambda: path.write_bytes(b"#" * (MAX_SOURCE + 1)), "larger than 256 KiB")
    becomes(lambda: None, "cannot be read: No such file")


def test_unreadable_files_and_folders_are_one_line_each(tmp_path, monkeypatch):
    fill(tmp_path, {"ann/softmax.py": "x", "bo/softmax.py": "x", "cy/softmax.py": "x"})
    scandir, access = os.scandir, os.access

    def refuse(path):
        if str(path).endswith("cy"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "access", lambda path, mode: "bo" not in str(path).split(os.sep) and access(path, mode))
    monkeypatch.setattr(os, "scandir", refuse)
    collection = discover(tmp_path, NAMES)
    assert reasons(collection, tmp_path) == {
        "bo/softmax.py": "may not be read by this user: give it read permission",
        "cy": "the folder cannot be read: Permission denied",
    }


def test_names_that_cannot_be_shown_are_one_line_each(tmp_path):
    fill(tmp_path, {f"{name}/softmax.py": "x" for name in ("ann", "b\x1b[31mo", "cy\n", "d\u202ei")})
    try:
        fill(tmp_path, {"e\udcff/softmax.py": "x"})
    except (OSError, UnicodeError):
        pytest.skip("this file system has UTF-8 names only")
    collection = discover(tmp_path, NAMES)
    assert sorted(collection.problems) == [
        (f"{tmp_path}/b\ufffdo", "the name has control characters: rename it"),
        (f"{tmp_path}/cy\n", "the name has control characters: rename it"),
        (f"{tmp_path}/e\ufffd", "the name is not UTF-8: rename it, or unpack the zip and name the folder"),
    ]
    assert [found.path for found in collection.found] == [f"{tmp_path}/{s}/softmax.py" for s in ("ann", "d\ufffdi")]


def entry(name, kind=stat.S_IFREG, **changes):
    info = zipfile.ZipInfo(name)
    info.external_attr = (kind | 0o644) << 16
    for field, value in changes.items():
        setattr(info, field, value)
    return info


def test_hostile_entries_of_a_zip_are_one_line_each(tmp_path):
    root = tmp_path / "a.zip"
    with zipfile.ZipFile(root, "w") as archive:
        archive.writestr("ann/softmax.py", "x")
        for name in ("/etc/softmax.py", "../softmax.py", "bo/../../softmax.py", "C:\\softmax.py", "..\\conv2d.py"):
            archive.writestr(name, "x")
        archive.writestr(entry("bo/softmax.py", stat.S_IFLNK), "/etc/passwd")
        archive.writestr(entry("bo/pipe", stat.S_IFIFO), "")
        archive.writestr(entry("bo/conv2d.py", compress_type=zipfile.ZIP_BZIP2), "x")
        archive.writestr("b\x07o/softmax.py", "x")
        archive.writestr("n" * 300 + "/softmax.py", "x")
        archive.writestr("deep/" * 10_000 + "softmax.py", "x")
        archive.writestr(".", "x")
        archive.writestr("./cy\\softmax.py", "x")
    collection = discover(root, NAMES)
    assert answers(collection) == [("ann", "ann", "softmax"), ("cy", "cy", "softmax")]
    said = reasons(collection, root)
    assert sum("leads out of the zip" in reason for reason in said.values()) == 5
    assert "symbolic link" in said["bo/softmax.py"]
    assert "not a regular file" in said["bo/pipe"]
    assert "unusual way" in said["bo/conv2d.py"]
    assert "control characters" in said["b\ufffdo/softmax.py"]
    assert sorted(reason.partition(":")[0] for path, reason in said.items() if len(path) > 250) == [
        "deeper than 32 folders",
        "the name has more than 255 characters",
    ]
    assert len(said) == 11


def patch(root, old, new):
    data = root.read_bytes()
    assert old in data
    root.write_bytes(data.replace(old, new))


def test_encrypted_entries_are_one_line_each(tmp_path):
    root = pack(tmp_path / "a.zip", {"ann/softmax.py": "x", "bo/softmax.py": "x"})
    data = bytearray(root.read_bytes())
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    root.write_bytes(data)
    collection = discover(root, NAMES)
    assert reasons(collection, root) == {"bo/softmax.py": "the file is encrypted: unpack the zip and name the folder"}


def test_of_entries_of_one_name_the_last_counts_and_that_is_told(tmp_path):
    root = tmp_path / "a.zip"
    with zipfile.ZipFile(root, "w") as archive:
        archive.writestr("ann/softmax.py", "first")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("ann/softmax.py", "last")
    collection = discover(root, NAMES)
    assert [found.read() for found in collection.found] == [b"last"]
    assert "more than once" in reasons(collection, root)["ann/softmax.py"]


def test_names_of_a_zip_that_are_utf8_count_whether_or_not_they_say_so(tmp_path):
    root = pack(tmp_path / "a.zip", {"ann/softmax.py": "x", "Zoé/softmax.py": "x", "bxx/softmax.py": "x"})
    patch(root, b"bxx", "bé".encode())
    assert {found.student for found in discover(root, NAMES).found} == {"ann", "Zoé", "bé"}


@pytest.mark.parametrize("name", ["bxx", "Zoé"], ids=["unmarked", "marked as UTF-8"])
def test_names_of_a_zip_that_are_not_utf8_are_one_line_each(tmp_path, name):
    root = pack(tmp_path / "a.zip", {"Ané/softmax.py": "x", f"{name}/softmax.py": "x"})
    patch(root, name.encode(), b"\xff" * len(name.encode()))
    collection = discover(root, NAMES)
    assert [(found.student, found.read()) for found in collection.found] == [("Ané", b"x")]
    assert ["not UTF-8" in reason for _, reason in collection.problems] == [True]


def test_a_bomb_costs_its_limit(tmp_path):
    root = tmp_path / "a.zip"
    with zipfile.ZipFile(root, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ann/softmax.py", "x")
        archive.writestr("bo/softmax.py", bytes(20_000_000))
    assert "larger than 256 KiB" in reasons(discover(root, NAMES), root)["bo/softmax.py"]
    patch(root, (20_000_000).to_bytes(4, "little"), (1000).to_bytes(4, "little"))  # it lies about its size
    found = discover(root, NAMES).found
    with pytest.raises(SubmissionError, match=r"bo/softmax\.py is damaged in the zip"):
        found[1].read()
    assert found[0].read() == b"x"


def test_a_damaged_entry_is_told_when_read(tmp_path):
    root = tmp_path / "a.zip"
    with zipfile.ZipFile(root, "w") as archive:
        archive.writestr("ann/softmax.py", "abcdefgh")
    patch(root, b"abcdefgh", b"abcdefgX")
    with pytest.raises(SubmissionError, match="damaged"):
        discover(root, NAMES).found[0].read()


def say_what_is_wrong(root):
    """Everything in it is read."""
    try:
        for found in discover(root, NAMES).found:
            found.read()
    except SubmissionError as error:
        return str(error)
    return ""


def test_any_damage_to_a_zip_is_one_line(tmp_path):
    data = pack(tmp_path / "a.zip", {f"é{i}/softmax.py": f"x = {i}" for i in range(4)}).read_bytes()
    for place in range(0, len(data), 5):
        for value in (0, data[place] ^ 0xFF):
            (tmp_path / "b.zip").write_bytes(data[:place] + bytes([value]) + data[place + 1 :])
            assert "\n" not in say_what_is_wrong(tmp_path / "b.zip")


def test_many_threads_read_one_zip(tmp_path):
    root = pack(tmp_path / "a.zip", {f"s{i:03}/softmax.py": f"{i:03}" * 1000 for i in range(100)})
    found, wrong = discover(root, NAMES).found, []

    def read():
        wrong.extend(each.student for each in found if each.read() != each.student[1:].encode() * 1000)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_thousands_of_submissions_are_found_in_order(tmp_path):
    root = tmp_path / "a.zip"
    with zipfile.ZipFile(root, "w") as archive:
        for i in range(1000):
            archive.writestr(f"s{i}/softmax.py", "x")
            archive.writestr(f"s{i}/helper{i}.py", "x")
    collection = discover(root, NAMES)
    assert (len(collection.found), len(collection.problems)) == (1000, 1000)
    assert all(a.student < b.student for a, b in pairwise(collection.found))


def test_what_is_no_collection_is_told_in_one_line(tmp_path, monkeypatch):
    fill(tmp_path, {"bad.zip": "PK", "a.txt": "x", "empty/a.txt": "x", "lost/x.py": "x", "own/sofmax.py": "x"})
    os.mkfifo(tmp_path / "pipe.zip")
    for name, said in [
        ("missing", "does not exist"),
        ("bad.zip", "is damaged"),
        ("a.txt", "is neither a folder nor a zip"),
        ("pipe.zip", "is neither a folder nor a zip"),
        ("empty", "holds no .py or .ipynb file"),
        ("lost", r"lost/x.py\. Looked for .*Name the layout with --layout"),
        ("own", "did you mean softmax"),
    ]:
        with pytest.raises(SubmissionError, match=said) as caught:
            discover(tmp_path / name, NAMES)
        assert "\n" not in str(caught.value)
    with pytest.raises(SubmissionError, match="No layout named 'mood': choose one of moodle"):
        discover(tmp_path, NAMES, "mood")


def test_more_entries_than_any_class_has_are_refused(tmp_path, monkeypatch):
    root = pack(tmp_path / "a.zip", {f"{i}/softmax.py": "x" for i in range(4)})
    folder = fill(tmp_path / "a", {f"{i}/softmax.py": "x" for i in range(4)})
    assert (MAX_ALL, MAX_ENTRIES) == (500_000, 200_000)
    monkeypatch.setattr("grader.submissions.zip_archive.MAX_ALL", 3)
    monkeypatch.setattr("grader.submissions.folder.MAX_ENTRIES", 3)
    for place in (root, folder):
        with pytest.raises(SubmissionError, match="holds more than 3"):
            discover(place, NAMES)
