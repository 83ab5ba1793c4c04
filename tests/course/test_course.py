"""A name → its files."""

import json
from pathlib import Path

import click
import pytest

from grader.course.course import Course, CourseError, is_course
from grader.grading.examiner import Examiner
from grader.grading.settings import Settings
from grader.report import html, terminal
from grader.result import CourseUsed
from grader.submissions.submission import read, submission

ROOT = Path(__file__).parents[2]


def test_an_exercise_knows_its_files(tiny_course):
    exercise = tiny_course.exercise("double")
    assert exercise.suite.read_text().startswith("import numpy")
    assert "def double" in exercise.reference
    assert "def shape_after" in exercise.probes
    assert exercise.title == "Twice and half"
    assert exercise.libraries == ("numpy",)
    assert Course.exercise_of(exercise.suite) == exercise


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


def test_a_student_edition_stays_one_whatever_is_put_into_it(tmp_path):
    for folder in ("exercises", "sealed"):
        (tmp_path / folder).mkdir()
    assert not is_course(tmp_path)
    (tmp_path / "sealed" / "double.sealed").touch()
    assert is_course(tmp_path)
    (tmp_path / "solutions" / "double").mkdir(parents=True)
    (tmp_path / "solutions" / "double" / "test_double.py").touch()
    assert Course(tmp_path).is_sealed
    assert str(Course(tmp_path).used) == f"{tmp_path} (student edition)"


def test_results_say_which_course_it_was(tiny_course, grade_text, right):
    result = grade_text(right)
    assert result.to_json()["course"] == {"kind": "open", "path": str(tiny_course.root)}
    assert Course(ROOT).used == CourseUsed("built-in", str(ROOT))
    assert f"\n  Course: {tiny_course.root}\n" in click.unstyle(terminal.summary(result))
    assert f"<dt>Course</dt><dd>{tiny_course.root}</dd>" in html.render(result)


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


def quiz(folder, suite, probes=""):
    files = {
        "exercises/quiz.py": '"""A quiz"""\n\nLETTERS = "abc"\nanswer_1 = ...\nanswer_2: str = ...\n',
        "solutions/quiz/reference.py": 'LETTERS = "abc"\nanswer_1 = "b"\nanswer_2: str = "why"\nown = 3\n',
        "solutions/quiz/test_quiz.py": f"import pytest\n\n@pytest.mark.points(10)\ndef test_it(agree):\n    {suite}\n",
        "solutions/quiz/probes.py": probes,
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Course(folder).exercise("quiz")


@pytest.mark.parametrize(
    ("suite", "probes", "names"),
    [
        ('"""One."""\n    agree("variable", "answer_1")', "", ("answer_1",)),
        (
            '"""Both."""\n    agree("both")',
            "def both(m):\n    return m.answer_1, m.answer_2\n",
            ("answer_1", "answer_2"),
        ),
        ('"""LETTERS and own are no answers."""\n    agree("f")', "def f(m):\n    return m.f(LETTERS)\n", ()),
    ],
)
def test_a_variable_that_the_suite_names_is_asked_for(tmp_path, suite, probes, names):
    assert quiz(tmp_path, suite, probes).names == names


@pytest.mark.parametrize(
    ("answer", "score", "message"),
    [
        ('answer_1 = "b"', 10, ""),
        ('answer_1 = "a"', 0, "got"),
        ("answer_1 = ...", 0, "answer_1 is not written yet"),
        ("x = 1", 0, "answer_1 is not defined in your file"),
    ],
)
def test_a_variable_is_an_answer_in_a_script_and_a_notebook(tmp_path, hosts, answer, score, message):
    exercise = quiz(tmp_path, '"""One."""\n    agree("variable", "answer_1")')
    cells = {"cells": [{"cell_type": "code", "source": answer}], "nbformat": 4}
    for name, data in (("quiz.py", answer), ("quiz.ipynb", json.dumps(cells))):
        result = Examiner(exercise).grade(
            submission(name, "quiz", data.encode()), hosts.get(exercise.libraries), Settings(1)
        )
        assert result.score == score
        assert message in result.checks[0].message
