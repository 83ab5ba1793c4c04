"""Several paths of one run: one that holds nothing to grade holds up no other."""

import subprocess
import sys
from types import SimpleNamespace
from zipfile import ZipFile

import pytest

from grader.cli.grade_folder import Options, find_all
from grader.gradebook.store import FILE_NAME, Gradebook
from grader.submissions.discovery import Rules
from grader.submissions.submission import SubmissionError


def test_until_the_hosts_of_a_batch_are_started_nothing_slow_is_imported():
    code = (
        "import sys, grader.cli.grade, grader.cli.grade_folder; print({'numpy', 'jinja2', 'pytest'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    assert done.stdout == "set()\n", done.stderr


def test_one_of_several_paths_that_holds_nothing_is_told(tmp_path, tiny_course, capsys):
    options = Options(**dict.fromkeys(Options.__dataclass_fields__) | {"rules": Rules()})
    for name in ("ann", "bob", "cid/bob", "dan"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("bob", "cid/bob", "dan", "cid"):
        (tmp_path / name / "double.py").write_text("x = 1\n")
    paths = [tmp_path / name for name in ("ann", "bob", "cid", "dan")]
    with Gradebook(tmp_path / "reports" / FILE_NAME) as book:
        found = find_all(paths, tiny_course, book, options)
        assert [student for each in found for student in each.collection.students] == ["bob", "dan"]
        first, second = capsys.readouterr().err.splitlines()
        assert first == f"Not graded: {tmp_path}/ann holds no .py or .ipynb file that can be graded."
        assert second.startswith(f"Not graded: {tmp_path}/cid could be")
        with pytest.raises(SubmissionError, match="holds no"):
            find_all(paths[:1], tiny_course, book, options)
        with pytest.raises(SubmissionError, match="does not exist"):
            find_all([tmp_path / "eve", *paths], tiny_course, book, options)


def test_a_zip_among_students_zips_is_no_class(tmp_path, tiny_course, capsys):
    """Else it could hold what is then another's."""
    options = Options(**dict.fromkeys(Options.__dataclass_fields__) | {"rules": Rules()})
    for name in ("ann", "bob", "cid", "dan"):
        with ZipFile(tmp_path / f"{name}.zip", "w") as archive:
            archive.writestr("bob/double.py" if name == "ann" else "double.py", "x = 1\n")
    paths = sorted(tmp_path.glob("*.zip"))
    with Gradebook(tmp_path / "reports" / FILE_NAME) as book:
        found = find_all(paths, tiny_course, book, options)
        assert [each.collection.students for each in found] == [{name: name} for name in ("ann", "bob", "cid", "dan")]
        assert capsys.readouterr().err == ""
        with ZipFile(paths[0], "w") as archive:
            archive.writestr("bob/double.py", "x = 1\n")
            archive.writestr("eve/double.py", "x = 1\n")
        for count in (4, 3):  # beside two, a class could be meant
            found = find_all(paths[:count], tiny_course, book, options)
            assert [each.collection.students for each in found] == [{path.stem: path.stem} for path in paths[1:count]]
            assert f"Not graded: {paths[0]} holds what would be bob's" in capsys.readouterr().err
        with ZipFile(paths[0], "w") as archive:
            for name in ("eve", "fay"):
                archive.writestr(f"{name}/double.py", "x = 1\n")
        assert len(find_all(paths[:3], tiny_course, book, options)) == 3  # a class, and two of whom it had nothing
        capsys.readouterr()
        assert len(find_all(paths, tiny_course, book, options)) == 3
        said = f"Not graded: {paths[0]} is no single student's, as most of these are: grade the folder around them\n"
        assert capsys.readouterr().err == said


def students(root, names, course, **changes):
    """Who is found under several paths that are named."""
    options = Options(**dict.fromkeys(Options.__dataclass_fields__) | {"rules": Rules()} | changes)
    with Gradebook(root / "reports" / FILE_NAME) as book:
        found = find_all([root / name for name in names], course, book, options)
    return [student for each in found for student in each.collection.students]


def fill(root, *paths):
    """Folders and files; of "a.zip:b/c" the file b/c in the zip a.zip."""
    root.mkdir(exist_ok=True)
    for path in paths:
        archive, _, inner = path.rpartition(":")
        if archive:
            with ZipFile(root / archive, "a") as file:
                file.writestr(inner, "x = 1\n")
            continue
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("x = 1\n")
    return root


@pytest.mark.parametrize("inner", ["src/{}.py", "src/deep/{}.py", "{}/main.py", "hw1/{0}.py hw2/{1}.py",
                                   "src/{}.py old/{}.py", "src/{}.py docs/notes.pdf"])  # fmt: skip
@pytest.mark.parametrize("form", ["{}/{}", "{}.zip:{}"])
def test_several_that_are_named_are_students_whatever_their_folders_are_called(tmp_path, inner, form):
    """They were one student, "src"."""
    course = SimpleNamespace(names=["double", "other"])
    names = ("ann", "bo", "cy")
    paths = [form.format(name, each.format("double", "other")) for name in names for each in inner.split()]
    root = fill(tmp_path / "class", *paths)
    assert set(students(root, [form.split("/")[0].split(":")[0].format(name) for name in names], course)) == set(names)


def test_a_name_in_a_zip_tells_a_student_only_where_the_zips_own_name_does(tmp_path, tiny_course, capsys):
    names = ["ann_hw.zip", "bo_hw.zip", "cy_hw.zip", "eve_hw.zip"]
    root = fill(tmp_path / "w", *(f"{name}_hw.zip:{name}/double.py" for name in ("ann", "bo", "cy")))
    for number, theirs in enumerate(("ann/double.py", "hw/double.py", "ann/hw/double.py", "bo/cy/double.py")):
        (root / "eve_hw.zip").unlink(missing_ok=True)
        fill(root, f"eve_hw.zip:{theirs}")
        assert students(root, names, tiny_course) == ["ann", "bo", "cy", "eve_hw"], theirs
        assert "one student's each: choose --layout folders" in capsys.readouterr().out, number
    for theirs in ("ann_double.py", "submitted/ann/hw/double.py", "hw-submissions/hw-ann/double.py",
                   "Ann_12_assignsubmission_file_/double.py"):  # fmt: skip
        (root / "eve_hw.zip").unlink()
        fill(root, f"eve_hw.zip:{theirs}")
        assert students(root, names, tiny_course) == ["ann", "bo", "cy"], theirs
        said = capsys.readouterr().err
        assert "eve_hw.zip is one student's or" in said
        assert said.count("\n") == 1
    assert students(root, ["eve_hw.zip"], tiny_course) == ["12"]  # alone it is a download
    same = fill(tmp_path / "case", "Ann/ann/double.py", "ann/double.py", "a-b/a_b/double.py", "a_b/double.py")
    assert students(same, ["Ann", "ann", "a-b", "a_b"], tiny_course) == ["Ann", "ann", "a-b", "a_b"]


def test_where_the_folders_that_are_named_may_be_weeks_that_is_asked(tmp_path, tiny_course, capsys):
    root = fill(tmp_path, "week1/ann/double.py", "week2/ann/double.py", "week3/ann/double.py", "week3/bo/double.py")
    with pytest.raises(SubmissionError, match=r"week2 is one student's or.*--layout whole or --layout folders\.$"):
        students(root, ["week1", "week2"], tiny_course)
    assert students(root, ["week1", "week2"], tiny_course, layout="folders") == ["ann", "ann"]
    assert students(root, ["week1", "week2"], tiny_course, layout="whole") == ["week1", "week2"]
    assert students(root, ["week1"], tiny_course) == ["ann"]
    capsys.readouterr()
    assert students(root, ["week1", "week3"], tiny_course) == ["ann", "bo"]
    assert capsys.readouterr().err.startswith(f"Not graded: {root}/week1 is one student's or")


def test_folders_of_one_name_in_several_places_are_not_one_student(tmp_path, tiny_course, capsys):
    root = fill(tmp_path, "ann/src/double.py", "bo/src/double.py", "cy/double.py")
    with pytest.raises(SubmissionError, match="called like another one that you named"):
        students(root, ["ann/src", "bo/src"], tiny_course)
    assert students(root, ["ann/src", "bo/src", "cy"], tiny_course) == ["cy"]
    assert capsys.readouterr().err.count("Not graded: ") == 2
    assert students(root, ["ann/src", "cy"], tiny_course) == ["src", "cy"]
    assert students(root, ["ann/src", "bo/src"], tiny_course, layout="student") == ["src", "src"]
