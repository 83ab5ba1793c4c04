"""No member of a class decides where we look: what is inside a student's part is that student's, whatever its name."""

import os
import time
import zipfile

import pytest

from grader.submissions.discovery import discover
from grader.submissions.folder import MAX_ENTRIES
from grader.submissions.submission import SubmissionError

NAMES = ("softmax", "conv2d", "lstm_cell")


def fill(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def pack(path, files):
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def build(folder, form, files, name="week3"):
    return fill(folder / name, files) if form == "folder" else pack(folder / f"{name}.zip", files)


def answers(collection):
    return [(found.student, found.name, found.exercise) for found in collection.found]


def reasons(collection, root):
    return {path.removeprefix(f"{root}/"): reason for path, reason in collection.problems}


# What a student, here always Eve, may put into what she hands in. Each is a layout of its own, in which it is Bob's.
BAIT = [
    "submitted/bob/ps1/softmax.py",
    "submitted/bob/ps1/softmax.ipynb",
    "x-submissions/x-bob/softmax.py",
    "hw-submissions/hw-bob/softmax.py",
    "Bob_12_assignsubmission_file_/softmax.py",
    "Bob_12_assignsubmission_file_softmax.py",
    "Bob_12_13_softmax.py",
    "bob_softmax.py",
    "softmax/bob.py",
    "softmax/bob/softmax.py",
    "bob/softmax.py",
    "bob/bob/bob/bob/softmax.py",
    "assignment_7_export/submission_9/softmax.py",
    "inbound/bob+ps1+2026-10-01 10:00:00 UTC/softmax.ipynb",
    "1-2 - Bob - Oct 1, 2026 905 AM/softmax.py",
    "hw_bob_attempt_2026-10-01-12-00-00_softmax.py",
    "anon_Qx1zP_901_softmax.py",
    "dl24-hw3-bob/softmax.py",
    "hw-10-01-2026-12-30-00/bob/softmax.py",
]

# Layout → (the parts of honest students, where Eve's files lie, by which name she is known).
HONEST = {
    "moodle": (
        ["Ann_11_assignsubmission_file_/softmax.py", "Bob_12_assignsubmission_file_/softmax.py"],
        "Eve_19_assignsubmission_file_/", "19",
    ),
    "nbgrader": (["submitted/ann/ps1/softmax.py", "submitted/bob/ps1/softmax.py"], "submitted/eve/ps1/", "eve"),
    "classroom": (["x-submissions/x-ann/softmax.py", "x-submissions/x-bob/softmax.py"], "x-submissions/x-eve/", "eve"),
    "exercises": (["softmax/ann.py", "softmax/bob/softmax.py"], "softmax/eve/", "eve"),
    "folders": (["ann/softmax.py", "bob/softmax.py"], "eve/", "eve"),
}  # fmt: skip


OTHERS = {
    "gradescope": (
        ["assignment_7_export/submission_1/softmax.py", "assignment_7_export/submission_2/softmax.py"],
        "assignment_7_export/submission_3/", "submission_3",
    ),
    "brightspace": (
        ["1-7 - Ann - Oct 1, 2026 905 AM/softmax.py", "2-7 - Bob - Oct 1, 2026 905 AM/softmax.py"],
        "3-7 - Eve - Oct 1, 2026 905 AM/", "3-7",
    ),
    "classroom50": (["dl24-hw-ann/softmax.py", "dl24-hw-bob/softmax.py"], "dl24-hw-eve/", "eve"),
    "canvas": (["leeann_1_901_hw/softmax.py", "leebob_2_902_hw/softmax.py"], "leeeve_3_903_hw/", "3"),
}  # fmt: skip


def by_path(collection, root):
    return {found.path.removeprefix(f"{root}/"): found.student for found in collection.found}


@pytest.mark.parametrize("form", ["folder", "zip"])
@pytest.mark.parametrize("around", ["", "week3/", "download/"])
@pytest.mark.parametrize("layout", [*HONEST, *OTHERS])
def test_what_a_student_packs_is_that_students_and_moves_nobody(tmp_path, layout, around, form):
    honest, place, known = (HONEST | OTHERS)[layout]
    plain = discover(build(tmp_path / "plain", form, {f"{around}{path}": "x" for path in honest}), NAMES)
    expected = answers(plain)
    assert plain.layout == layout
    for bait in (*([each] for each in BAIT), BAIT):
        files = [*honest, *(place + each for each in bait)]
        root = build(tmp_path / bait[0].replace("/", "-"), form, {f"{around}{path}": "x" for path in files})
        collection = discover(root, NAMES)
        assert collection.layout == layout
        assert [each for each in answers(collection) if each[0] != known] == expected
        assert {student for path, student in by_path(collection, root).items() if f"{around}{place}" in path} <= {known}


@pytest.mark.parametrize("form", ["folder", "zip"])
@pytest.mark.parametrize("name", ["Bob_12_13_softmax.py", "12_13_softmax.py", "bob_12_13_12_13_softmax.py",
                                  "Bob_12_assignsubmission_file_softmax.py"])  # fmt: skip
@pytest.mark.parametrize("others", [[], ["ann_1_2_softmax.py", "bob_12_13_softmax.py"]])
def test_the_first_ids_in_a_name_are_the_tools(tmp_path, name, others, form):
    for layout, prefix, known in [("canvas", "eve_7_19_", "7"), ("moodle", "Eve 2_19_assignsubmission_file_", "19")]:
        if layout == "moodle":
            others = [f"{each[:3]}_{i}_assignsubmission_file_softmax.py" for i, each in enumerate(others)]
        root = build(tmp_path / layout, form, dict.fromkeys([*others, prefix + name], "x"))
        collection = discover(root, NAMES, exercise="softmax")
        assert collection.layout == layout
        assert by_path(collection, root)[prefix + name] == known


def test_a_name_of_moodle_that_bears_two_marks_is_nobodys(tmp_path):
    name = "Bob_12_assignsubmission_file_Eve_19_assignsubmission_file_/softmax.py"
    root = fill(tmp_path, dict.fromkeys(["Ann_11_assignsubmission_file_/softmax.py", name], "x"))
    collection = discover(root, NAMES)
    assert answers(collection) == [("11", "Ann", "softmax")]
    assert "tells no student" in reasons(collection, root)[name]


def test_thousands_of_files_of_one_student_are_one_vote(tmp_path):
    files = {f"eve/{i}/Bob_{i}_assignsubmission_file_/softmax.py": "x" for i in range(2000)}
    files |= {f"eve/bob{i}_softmax.py": "x" for i in range(2000)}
    root = pack(tmp_path / "a.zip", {"ann/softmax.py": "x", "bob/softmax.py": "x"} | files)
    collection = discover(root, NAMES)
    assert collection.layout == "folders"
    assert {found.student for found in collection.found} == {"ann", "bob", "eve"}


@pytest.mark.parametrize(
    ("name", "bait"),
    [("submitted", "bob/ps1/softmax.py"), ("x-submissions", "x-bob/softmax.py"), ("softmax", "bob.py"),
     ("Bob_12_assignsubmission_file_", "softmax.py")],
)  # fmt: skip
def test_the_name_of_ones_own_folder_is_one_vote(tmp_path, name, bait):
    root = fill(tmp_path / "a", {"ann/softmax.py": "x", "bob/softmax.py": "x", f"{name}/{bait}": "x"})
    collection = discover(root, NAMES)
    assert collection.layout == "folders"
    assert {found.student for found in collection.found} <= {"ann", "bob", name}
    pair = fill(tmp_path / "b", {"ann/softmax.py": "x", f"{name}/{bait}": "x"})
    with pytest.raises(SubmissionError, match=r"could be .* or .*: choose with --layout \w+ or --layout \w+\."):
        discover(pair, NAMES)
    assert "ann" in {found.student for found in discover(pair, NAMES, "folders").found}


@pytest.mark.parametrize("form", ["folder", "zip"])
@pytest.mark.parametrize("beside", ["ann/report.pdf", "ann/.hidden", "ann/data/x.csv"])
def test_one_part_with_files_is_not_taken_for_the_class_without_a_question(tmp_path, beside, form):
    root = build(tmp_path, form, {beside: "x", "eve/bob/softmax.py": "x", "eve/cy/softmax.py": "x"})
    with pytest.raises(SubmissionError, match=r"eve is either the class's or one student's.*--layout folders"):
        discover(root, NAMES)
    assert {found.student for found in discover(root, NAMES, "folders").found} == {"eve"}
    plain = build(tmp_path, form, {beside: "x", "eve/softmax.py": "x", "eve/old/softmax.py": "x"}, "plain")
    assert {found.student for found in discover(plain, NAMES).found} == {"eve"}


def test_a_lone_student_may_have_folders_beside_files(tmp_path):
    root = fill(tmp_path, {"eve/softmax.py": "x", "eve/old/softmax.py": "x", "eve/old/bob_softmax.py": "x"})
    assert {found.student for found in discover(root, NAMES).found} == {"eve"}


def test_a_class_in_a_folder_is_told(tmp_path):
    root = fill(tmp_path, {"week3/ann/softmax.py": "x", "week3/bob/softmax.py": "x"})
    assert discover(root, NAMES).summary() == "One folder a student in week3: 2 students, 1 exercise"


def test_the_lone_student_of_a_download_is_no_folder_around_a_class(tmp_path):
    for i, place in enumerate(["Eve_19_assignsubmission_file_/", "hw-submissions/hw-eve/", "submitted/eve/ps1/"]):
        root = fill(tmp_path / str(i), {f"{place}{bait}": "x" for bait in BAIT if not bait.startswith("softmax/")})
        assert {found.student for found in discover(root, NAMES).found} <= {"19", "eve"}


def test_a_folder_of_the_zips_own_name_is_around_the_class(tmp_path):
    hub = pack(tmp_path / "hw-submissions.zip", {"hw-submissions/hw-ann/softmax.py": "x"})
    course = pack(tmp_path / "submitted.zip", {"submitted/ann/ps1/softmax.py": "x"})
    for root in (hub, course):
        assert [found.student for found in discover(root, NAMES).found] == ["ann"]


def test_downloads_beside_each_other_are_read_as_one_class(tmp_path):
    files = ["softmax/Ann_1_assignsubmission_file_/main.py", "conv2d/Ann_9_assignsubmission_file_/conv2d.py"]
    root = fill(tmp_path / "a", dict.fromkeys(files, "x"))
    assert answers(discover(root, NAMES)) == [("1", "Ann", "softmax"), ("9", "Ann", "conv2d")]
    fill(root, {"eve/softmax.py": "x"})  # not all bear the mark
    with pytest.raises(SubmissionError, match="--layout exercises or --layout folders"):
        discover(root, NAMES)
    assert len(discover(root, NAMES, "moodle").found) == 2


def test_a_time_stamp_counts_only_where_nbgrader_writes_it(tmp_path):
    stamp = "2001-01-01 00:00:00 UTC"
    fill(tmp_path / "nb", {
        "submitted/ann/ps1/softmax.ipynb": "{}", "submitted/ann/ps1/timestamp.txt": "2026-03-01 12:00:00 UTC",
        "submitted/ann/ps1/old/conv2d.ipynb": "{}", "submitted/ann/ps1/old/timestamp.txt": stamp,
        "submitted/eve/ps1/deep/softmax.ipynb": "{}", "submitted/eve/ps1/deep/timestamp.txt": stamp,
        "submitted/eve/timestamp.txt": stamp, "submitted/timestamp.txt": stamp, "timestamp.txt": stamp,
    })  # fmt: skip
    times = {(found.student, found.exercise): found.submitted for found in discover(tmp_path / "nb", NAMES).found}
    assert times.pop(("ann", "softmax")) == times.pop(("ann", "conv2d")) == 1772366400
    assert all(abs(each - time.time()) < 1000 for each in times.values())
    assert times
    for layout, (honest, place, _) in HONEST.items():
        if layout != "nbgrader":
            more = {f"{place}softmax.py": "x", f"{place}timestamp.txt": stamp}
            above = {os.path.dirname(path) + "/timestamp.txt": stamp for path in honest}
            root = fill(tmp_path / layout, dict.fromkeys(honest, "x") | more | above)
            found = discover(root, NAMES).found
            assert all(abs(each.submitted - time.time()) < 1000 for each in found), layout


def test_dates_that_the_tool_did_not_write_order_no_attempts(tmp_path):
    """A clone is dated by cloning, a download by downloading: there the numbers and names of files decide."""
    for layout, old, new in [
        ("classroom", "hw-submissions/hw-eve/softmax.py", "hw-submissions/hw-eve/softmax (1).py"),
        ("canvas", "eve_1_20_softmax.py", "eve_1_21_softmax-1.py"),
    ]:
        root = fill(tmp_path / layout, {old: "old", new: "new"})
        os.utime(root / old, (4e9, 4e9))
        found = discover(root, NAMES).found
        assert [each.read() for each in found] == [b"old", b"new"]
        assert found[0].submitted == found[1].submitted


@pytest.mark.parametrize("form", ["folder", "zip"])
@pytest.mark.parametrize("layout", HONEST)
def test_too_much_costs_that_part(tmp_path, layout, form, monkeypatch):
    monkeypatch.setattr("grader.submissions.folder.MAX_ENTRIES", 60)
    monkeypatch.setattr("grader.submissions.folder.MAX_FILES", 20)
    honest, place, known = HONEST[layout]
    for kind, name in [("solutions", "{}/softmax{}.py"), ("files", "{}/{}.csv"), ("empty", "{0}/{1}/softmax.py")]:
        many = {f"{place}{name.format(i % 7, i)}": "x" for i in range(70)}
        root = build(tmp_path / kind, form, dict.fromkeys(honest, "x") | {f"{place}softmax.py": "x"} | many)
        collection = discover(root, NAMES)
        assert (collection.layout, len(collection.found)) == (layout, 2)
        assert known not in {found.student for found in collection.found}
        ((path, reason),) = collection.problems
        assert "eve" in path.casefold()
        assert "holds more than" in reason


def test_many_entries_of_one_student_leave_the_class_in_the_archive(tmp_path):
    root = tmp_path / "a.zip"
    with zipfile.ZipFile(root, "w") as archive:
        for student in ("ann", "bob"):
            archive.writestr(f"{student}/softmax.py", "x")
        for i in range(20_001):
            archive.writestr(f"eve/{i % 100}/conv2d ({i}).py", "")
    collection = discover(root, NAMES)
    assert [found.student for found in collection.found] == ["ann", "bob"]
    assert [reason for _, reason in collection.problems] == [
        "holds more than 10,000 files that could be solutions: keep those that are"
    ]


def test_the_limit_of_a_folder_of_students_is_that_folders(tmp_path, monkeypatch):
    monkeypatch.setattr("grader.submissions.folder.MAX_ENTRIES", 30)
    root = fill(tmp_path, {f"softmax/s{i}.py": "x" for i in range(40)} | {"conv2d/ann.py": "x", "softmax2/x.py": "x"})
    collection = discover(root, NAMES)
    assert answers(collection) == [("ann", "ann", "conv2d")]
    assert "holds more than 30 files" in reasons(collection, root)["softmax"]
    assert MAX_ENTRIES == 200_000


def test_a_directory_of_a_zip_that_would_fill_the_memory_is_not_read(tmp_path, monkeypatch):
    root = pack(tmp_path / "a.zip", {f"{i}/softmax.py": "x" for i in range(40)})
    monkeypatch.setattr("grader.submissions.zip_archive.MAX_DIRECTORY", 1000)
    with pytest.raises(SubmissionError, match=r"holds more than 500,000 entries: unpack it"):
        discover(root, NAMES)


@pytest.mark.parametrize("form", ["folder", "zip"])
def test_deep_and_long_names_cost_that_part(tmp_path, form):
    long = {
        "eve/" + "n" * 240 + f"/{'d/' * 40}softmax.py": "x",
        "eve/" + "/".join(["m" * 200] * 25) + "/softmax.py": "x",
    }
    if form == "zip":
        long |= {
            f"{'e' * 10_000}/softmax.py": "x",
            f"eve/{'f' * 10_000}.py": "x",
            "eve/" + "d/" * 9_000 + "conv2d.py": "x",
        }
    else:
        long = {path: text for path, text in long.items() if len(path) < 2000}
    root = build(tmp_path, form, {"ann/softmax.py": "x", "bob/softmax.py": "x"} | long)
    collection = discover(root, NAMES)
    assert {found.student for found in collection.found} - {"eve"} == {"ann", "bob"}
    assert {"\n" in line for problem in collection.problems for line in problem} <= {False}
    assert all(len(path) < 1100 for path, _ in collection.problems)


@pytest.mark.parametrize(("one", "other"), [("Zoé", "Zoe\u0301"), ("bob", "BOB"), ("straße", "STRASSE"), ("ﬁn", "fin")])
def test_names_that_only_look_alike_are_two_students(tmp_path, one, other):
    root = pack(tmp_path / "a.zip", {f"{one}/softmax.py": "one", f"{other}/softmax.py": "other"})
    found = discover(root, NAMES).found
    assert {each.student: each.read() for each in found} == {one: b"one", other: b"other"}


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unreadable for root")
def test_a_folder_that_may_not_be_read_costs_that_part(tmp_path):
    root = fill(tmp_path, {"ann/softmax.py": "x", "eve/in/softmax.py": "x"})
    (root / "eve").chmod(0)
    collection = discover(root, NAMES)
    (root / "eve").chmod(0o700)
    assert answers(collection) == [("ann", "ann", "softmax")]
    assert "cannot be read" in reasons(collection, root)["eve"]
