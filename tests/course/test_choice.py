"""Which course grades: named, at hand and allowed, or our own; what a student hands in never decides it."""

import json
import os
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path

import pytest

from grader.course import choice
from grader.course.choice import find_course, in_ci, is_origin
from grader.course.course import Course, CourseError, built_in
from grader.course.trust import trust
from grader.errors import SuiteError
from grader.suite.collection import collect

ROOT = Path(__file__).parents[2]
GRADE = [sys.executable, "-c", "from grader.cli.grade import grade; grade(prog_name='grade')"]
GRADER = [sys.executable, "-c", "from grader.cli.grader import grader; grader(prog_name='grader')"]
SUITE = """
import pathlib
import pytest

pathlib.Path(__file__).with_name("EXECUTED").touch()


@pytest.mark.points(100)
def test_all(agree):
    agree("softmax", 1.0)
"""
NOTHING = "def softmax(x, axis=-1):\n    return None\n"


@pytest.fixture(autouse=True)
def _at_an_instructor_s(monkeypatch):
    monkeypatch.delenv("CI", raising=False)


@pytest.fixture
def planted(tmp_path):
    """What a student handed in: an answer, and a course of which it is the reference."""
    folder = tmp_path / "class" / "ann"
    files = {"softmax.py": NOTHING, "exercises/softmax.py": NOTHING, "solutions/softmax/reference.py": NOTHING}
    for name, text in {**files, "solutions/softmax/test_softmax.py": SUITE}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def executed(folder):
    return [path for path in folder.rglob("*") if path.name == "EXECUTED"]


def run(folder, *words, program=GRADE, **environment):
    environment = {**os.environ, "CI": "", **environment}
    environment.pop("PYTHONSAFEPATH", None)  # which the tests' own process has by grader.cli.options
    command = [*program, *map(str, words)]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)


def seal(folder):
    """Makes a folder look like a student edition."""
    for name in ("exercises", "sealed"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "sealed" / "softmax.sealed").touch()
    return folder


# What a student hands in


@pytest.mark.parametrize("ci", ["", "true"])
@pytest.mark.parametrize(("inside", "word"), [(".", "ann/softmax.py"), ("ann", "softmax.py")])
def test_a_course_that_was_handed_in_grades_nobody(planted, inside, word, ci):
    done = run(planted.parent / inside, word, "--seed", 1, "--reports", planted.parents[1] / "reports", CI=ci)
    assert done.returncode == 1
    assert "Course: built-in\n" in done.stdout
    assert "0 / 100" in done.stdout
    assert executed(planted) == []
    notes = (
        [] if inside == "." else [f"Note: {planted} is a course, but it is not trusted, so none of its code was run."]
    )
    assert [line.split(" `")[0] for line in done.stderr.splitlines() if "Note" in line] == notes


@pytest.mark.parametrize("layout", [(), ("--layout", "student")])
def test_nor_does_one_in_the_folder_of_one_student(planted, layout):
    done = run(planted.parent, "ann", *layout, "--seed", 1, "--reports", planted.parents[1] / "reports")
    assert "Course: built-in\n" in done.stdout
    assert executed(planted) == []
    if layout:
        assert done.returncode == 1
    else:  # the planted folders could be students: nothing is guessed
        assert (done.returncode, "--layout student" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    "words",
    [
        ("check", "softmax"),
        ("pack", "softmax"),
        ("notebook", "softmax", "--nbgrader"),
        ("classroom", "init", "-e", "softmax", "--repository", "a/b"),
        ("gradescope", "build", "softmax"),
        ("new", "mine"),
    ],
)
def test_commands_about_a_course_do_not_take_another_in_its_place(planted, words):
    before = sorted(planted.rglob("*"))
    done = run(planted, *words, program=GRADER)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"Error: {planted} is a course, but it is not trusted, so none of its code was run. ")
    assert f"`grader trust {planted}` allows it, --course {planted} does once." in done.stderr
    assert sorted(planted.rglob("*")) == before


def test_completion_runs_nothing_and_says_nothing(planted):
    asking = {"_GRADE_COMPLETE": "bash_complete", "COMP_WORDS": "grade -e sof", "COMP_CWORD": "2"}
    done = run(planted, **asking)
    assert (done.stdout.split(), done.stderr) == (["plain,softmax"], "")
    assert executed(planted) == []


def test_a_submission_s_own_folders_are_not_looked_at(planted, monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)
    assert find_course(None).root == built_in() == ROOT
    (tmp_path / "link").symlink_to(planted)
    monkeypatch.chdir(tmp_path / "link" / "exercises" / ".." / "solutions")
    assert find_course(None).root == ROOT
    assert str(planted) in capsys.readouterr().err


def test_trusted_above_what_was_handed_in_is_found_nevertheless(planted, tiny_course, monkeypatch, capsys):
    trust(tiny_course.root)
    inner = tiny_course.root / "handed-in"
    planted.rename(inner)
    monkeypatch.chdir(inner)
    assert find_course(None) == tiny_course
    assert capsys.readouterr().err.count("\n") == 1


def test_the_name_of_a_folder_is_one_line(tmp_path, monkeypatch, capsys):
    folder = tmp_path / "a\nError: you\x1b[2Jwon"
    for name in ("exercises", "solutions"):
        (folder / name).mkdir(parents=True)
    monkeypatch.chdir(folder)
    find_course(None)
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "\x1b" not in said


def test_a_link_to_a_course_does_not_lend_its_trust(planted, tiny_course, monkeypatch):
    trust(tiny_course.root)
    folder = planted.parent / "bo"
    folder.mkdir()
    for name in ("exercises", "solutions"):
        (folder / name).symlink_to(tiny_course.root / name)
    monkeypatch.chdir(folder)
    assert find_course(None).root == ROOT


# What counts


def test_a_named_course_counts_whatever_it_is(planted, tiny_course, monkeypatch):
    monkeypatch.setenv("CI", "true")
    assert find_course(planted).root == planted
    monkeypatch.setenv("GRADER_COURSE", str(tiny_course.root))
    monkeypatch.chdir(planted)
    assert find_course(None, batch=True) == tiny_course
    assert find_course(Path("."), batch=True).root == planted
    with pytest.raises(CourseError, match="is not a course"):
        find_course(planted / "exercises")


@pytest.mark.parametrize("named", ["course", ".", "~/course", "../x"])
def test_the_environment_names_no_course_by_where_we_are(named, tiny_course, monkeypatch):
    monkeypatch.chdir(tiny_course.root.parent)
    monkeypatch.setenv("GRADER_COURSE", named)
    with pytest.raises(CourseError, match=r"GRADER_COURSE must be an absolute path"):
        find_course(None)
    assert find_course(tiny_course.root) == tiny_course


def test_a_trusted_course_is_found_from_inside_it_in_ci_too(tiny_course, monkeypatch, capsys):
    monkeypatch.chdir(tiny_course.root / "exercises")
    assert find_course(None) != tiny_course
    trust(tiny_course.root)
    capsys.readouterr()
    assert find_course(None, meant=True) == tiny_course
    monkeypatch.setenv("CI", "true")
    assert find_course(None, batch=True) == tiny_course
    assert capsys.readouterr().err == ""


def test_the_grader_s_own_checkout_counts_everywhere(monkeypatch, capsys):
    monkeypatch.setenv("CI", "true")
    monkeypatch.chdir(ROOT / "exercises")
    assert find_course(None, batch=True, meant=True).root == ROOT
    assert capsys.readouterr().err == ""


def test_a_student_edition_counts_where_it_is_worked_in_but_not_in_ci_nor_for_a_class(tmp_path, monkeypatch, capsys):
    edition = seal(tmp_path / "edition")
    (edition / "solutions" / "softmax").mkdir(parents=True)  # its student's, and no code of it is run
    monkeypatch.chdir(edition)
    assert find_course(None).root == edition
    assert find_course(None).is_sealed
    assert find_course(None, batch=True).root == ROOT
    monkeypatch.setenv("CI", "1")
    assert find_course(None).root == ROOT
    notes = capsys.readouterr().err.splitlines()
    assert len(notes) == 2
    assert all("counts only where it is named" in note for note in notes)
    assert find_course(edition, batch=True).root == edition
    trust(edition)
    assert find_course(None, batch=True).root == edition


def test_a_grader_without_a_course_says_how_to_name_one(planted, tmp_path, monkeypatch):
    monkeypatch.setattr(choice, "built_in", lambda: None)
    monkeypatch.chdir(planted)
    with pytest.raises(CourseError, match="grader trust"):
        find_course(None)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CourseError, match=r"--course DIR .* GRADER_COURSE"):
        find_course(None)


def test_a_working_folder_that_was_removed_holds_no_course(tmp_path, monkeypatch):
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    assert find_course(None).root == ROOT


@pytest.mark.parametrize(
    ("value", "expected"), [("", False), ("0", False), ("False", False), ("true", True), ("1", True)]
)
def test_ci_is_told_by_its_variable(monkeypatch, value, expected):
    monkeypatch.setenv("CI", value)
    assert in_ci() is expected


# A pyproject.toml


def test_what_a_pyproject_names_is_held_to_the_same_rule(planted, tiny_course, monkeypatch, capsys):
    folder = planted.parent / "bo"
    folder.mkdir()
    (folder / "pyproject.toml").write_text('[tool.grader]\ncourse = "../ann"\n')
    monkeypatch.chdir(folder)
    assert find_course(None).root == ROOT
    assert f"`grader trust {planted}`" in capsys.readouterr().err
    trust(tiny_course.root)
    (folder / "pyproject.toml").write_text(f"[tool.grader]\ncourse = '{tiny_course.root}'\n")
    assert find_course(None) == tiny_course


@pytest.mark.parametrize("text", ["[tool.grader", 'course = ["grader"', '[tool.grader]\ncourse = "nowhere"\n'])
def test_a_broken_pyproject_is_a_note_and_no_fault(planted, text, monkeypatch, capsys):
    (planted / "pyproject.toml").write_text(text)
    (planted / "exercises").rename(planted / "other")
    monkeypatch.chdir(planted)
    assert find_course(None).root == ROOT
    assert capsys.readouterr().err.startswith(f"Note: {planted / 'pyproject.toml'}")
    with pytest.raises(CourseError, match=r"pyproject\.toml"):
        find_course(None, meant=True)


# The folder that the grader was installed from


def install(folder, origin, monkeypatch):
    """As pip leaves it behind after `pip install ORIGIN`."""
    info = folder / f"dl_grader-{distribution('dl-grader').version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Name: dl-grader\nVersion: 1\n")
    (info / "RECORD").write_text(f"{info.name}/METADATA,,\n{info.name}/direct_url.json,,\n")
    (info / "direct_url.json").write_text(json.dumps({"url": origin.as_uri(), "dir_info": {}}))
    monkeypatch.setattr(choice, "PACKAGE", folder / "grader")


def test_the_folder_that_it_was_installed_from_counts_but_not_in_ci(tmp_path, tiny_course, monkeypatch):
    origin = tiny_course.root
    (origin / "pyproject.toml").touch()
    install(tmp_path / "site packages", origin, monkeypatch)
    assert not is_origin(tmp_path)
    monkeypatch.chdir(origin)
    assert find_course(None) == tiny_course
    monkeypatch.setenv("CI", "true")
    assert find_course(None) != tiny_course


def test_another_folder_in_its_place_does_not(tmp_path, tiny_course, monkeypatch):
    origin = tiny_course.root
    (origin / "pyproject.toml").touch()
    install(tmp_path / "site", origin, monkeypatch)
    (origin / "pyproject.toml").unlink()
    assert not is_origin(origin)
    (origin / "pyproject.toml").touch()
    os.utime(origin / "pyproject.toml", (0, 0))  # a date of its choice
    assert not is_origin(origin)


# Python's own ways to code


def test_a_conftest_above_the_course_is_not_run(tiny_course):
    suite = tiny_course.exercise("double").suite
    (tiny_course.root.parent / "conftest.py").write_text("raise SystemExit('a stranger')")
    assert len(collect(suite)) == len(tiny_course.exercise("double").answer_key().checks)
    (tiny_course.root / "conftest.py").write_text("raise SystemExit('a stranger')")
    assert collect(suite)
    (tiny_course.root / "solutions" / "conftest.py").write_text("raise RuntimeError('its own')")
    with pytest.raises(SuiteError):
        collect(suite)


STRANGERS = ("click.py", "numpy.py", "pytest.py", "sitecustomize.py", "multiprocessing.py", "random.py", "conftest.py")


@pytest.mark.parametrize("program", [[*GRADER[:1], "-m", "grader"], [str(Path(sys.executable).with_name("grader"))]])
def test_a_library_s_name_in_the_working_folder_is_not_imported(tmp_path, tiny_course, program):
    if not Path(program[0]).exists():
        pytest.skip("the commands are not installed")
    folder = tmp_path / "ann"
    folder.mkdir()
    for name in STRANGERS:
        (folder / name).write_text("import pathlib\npathlib.Path(__file__ + '.EXECUTED').touch()\n")
    words = ["check", "double", "-j", "2", "--course", tiny_course.root]
    done = run(folder, *words, program=program)
    assert "double" in done.stderr
    assert sorted(path.name for path in folder.iterdir()) == sorted(STRANGERS)


def test_a_course_is_compared_by_where_it_is(tmp_path, tiny_course):
    (tmp_path / "link").symlink_to(tiny_course.root)
    assert find_course(tmp_path / "link") == Course(tiny_course.root)
