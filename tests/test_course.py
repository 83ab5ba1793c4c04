"""A name → its files."""

from pathlib import Path

import pytest

from grader.course import Course, CourseError, Exercise, find_course
from grader.grading import Examiner, Settings
from grader.submission import read

ROOT = Path(__file__).parents[1]


def test_an_exercise_knows_its_files(tiny_course):
    exercise = tiny_course.exercise("double")
    assert exercise.suite.read_text().startswith("import numpy")
    assert "def double" in exercise.reference
    assert "def shape_after" in exercise.probes
    assert exercise.title == "Twice and half"
    assert exercise.libraries == ("numpy",)
    assert Exercise.of_suite(exercise.suite) == exercise


def test_torch_is_loaded_only_where_the_course_needs_it():
    course = Course(ROOT)
    assert course.exercise("softmax").libraries == ("numpy",)
    assert course.exercise("lstm_cell").libraries == ("numpy", "torch")


def test_the_digest_changes_with_every_file_that_decides_a_score(tiny_course):
    digests = {tiny_course.exercise("double").digest}
    for name in ("reference.py", "test_double.py", "probes.py", "mistakes.py"):
        path = tiny_course.root / "solutions" / "double" / name
        path.write_text(path.read_text() + "\n# changed\n")
        digests.add(Course(tiny_course.root).exercise("double").digest)
    assert len(digests) == 5


def test_an_unknown_name_gets_the_nearest_one(tiny_course):
    with pytest.raises(CourseError, match=r"No exercise named 'duoble'\. Did you mean 'double'\?"):
        tiny_course.exercise("duoble")
    with pytest.raises(CourseError, match=r"There are: double\."):
        tiny_course.exercise("xyz")


def test_the_course_is_the_given_one_else_the_nearest_above(tiny_course, tmp_path, monkeypatch):
    assert find_course(tiny_course.root, []) == tiny_course
    monkeypatch.chdir(tiny_course.root / "exercises")
    assert find_course(None, [tmp_path / "elsewhere.py"]) == tiny_course
    with pytest.raises(CourseError, match="is not a course"):
        find_course(tmp_path, [])


def test_a_pyproject_may_name_the_course(tiny_course, tmp_path, monkeypatch):
    folder = tmp_path / "work" / "deep"
    folder.mkdir(parents=True)
    (tmp_path / "work" / "pyproject.toml").write_text('[tool.grader]\ncourse = "../course"\n')
    monkeypatch.chdir(folder)
    assert find_course(None, [folder / "double.py"]) == tiny_course
    (tmp_path / "work" / "pyproject.toml").write_text('[tool.grader]\ncourse = "nowhere"\n')
    with pytest.raises(CourseError, match="nowhere is not a course"):
        find_course(None, [])


def test_what_was_handed_in_is_never_taken_for_the_course(tiny_course, tmp_path, monkeypatch):
    """A student's folders named exercises and solutions would be run as trusted code."""
    theirs = tiny_course.root
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.chdir(tmp_path)
    one = theirs / "exercises" / "double.py"
    assert find_course(None, [one]) == tiny_course  # a student's own clone, graded from elsewhere
    for submissions in ([one, one], [theirs], [theirs / "exercises"]):
        assert find_course(None, submissions) != tiny_course
    monkeypatch.setenv("CI", "true")
    assert find_course(None, [one]) != tiny_course
    monkeypatch.chdir(Path(__file__).parents[1])
    assert find_course(None, [one]).root == Path(__file__).parents[1]


def test_elsewhere_the_course_of_the_package_is_used(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "softmax" in find_course(None, [tmp_path / "softmax.py"]).names


@pytest.mark.parametrize("text", [b"def (:", b"\xff\xfe\x00", b'"""' + b"x" * 200_000, b""])
def test_a_stub_that_a_student_broke_is_a_submission_and_no_fault_of_the_grader(tiny_course, hosts, text):
    exercise = tiny_course.exercise("double")
    exercise.stub.write_bytes(text)
    result = Examiner(exercise).grade(read(exercise.stub, "double"), hosts.get(("numpy",)), Settings(0))
    assert (result.status, result.score) == ("graded", 0.0)


def test_names_are_those_asked_for_and_not_a_student_s_own_helpers(tiny_course):
    exercise = tiny_course.exercise("double")
    names = exercise.names
    exercise.stub.write_text(exercise.stub.read_text() + "\n\ndef helper():\n    pass\n")
    assert Course(tiny_course.root).exercise("double").names == names
