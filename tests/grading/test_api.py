"""The public face: `from grader import grade_file, grade_source, open_course`."""

import subprocess
import sys
from pathlib import Path

import pytest

import grader
from grader import GraderError, Limits, grade_file, grade_source, open_course

ROOT = Path(__file__).parents[2]
RIGHT = ROOT / "solutions/softmax/reference.py"
WRONG = ROOT / "tests/submissions/softmax/wrong_textbook.py"


def test_a_file_is_graded():
    result = grade_file(WRONG, "softmax", seed=5)
    assert isinstance(result, grader.Result)
    assert (result.exercise, result.status, result.seed, result.max_score) == ("softmax", "graded", 5, 100.0)
    assert 0 < result.score < 100
    assert "axis_fixed_to_1" in [mistake.id for mistake in result.mistakes]


def test_a_text_is_graded_under_a_name_of_its_own():
    result = grade_source(RIGHT.read_text(), "softmax", name="ann.py", student="ann")
    assert (result.score, result.submission, result.student) == (100.0, "ann.py", "ann")


def test_a_course_is_one_by_its_folder(tmp_path):
    assert open_course(ROOT).names == open_course().names
    with pytest.raises(GraderError, match="is not a course"):
        open_course(tmp_path)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: grade_file("missing.py"), "does not exist"),
        (lambda: grade_source("", "sofmax"), "Did you mean 'softmax'"),
    ],
)
def test_what_cannot_be_graded_is_one_line(call, message):
    with pytest.raises(GraderError, match=message) as raised:
        call()
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("reference.py", "reference.py, line 2: NameError: name 'nowhere' is not defined"),
        ("mistakes.py", "mistakes.py, line 2: NameError: name 'nowhere' is not defined"),
        ("probes.py", "probes.py, line 2: NameError: name 'nowhere' is not defined"),
        ("test_double.py", "test_double.py cannot be collected"),
    ],
)
def test_a_fault_of_a_course_names_its_file(tiny_course, right, file, said):
    path = tiny_course.root / "solutions" / "double" / file
    path.write_text("import numpy\nnowhere()\n" + path.read_text())
    with pytest.raises(GraderError) as raised:
        grade_source(right, "double", course=open_course(tiny_course.root))
    assert said in str(raised.value)
    path.write_text("def (\n")
    with pytest.raises(GraderError, match=rf"{file}(, line 1: SyntaxError: | cannot be collected)"):
        grade_source(right, "double", course=open_course(tiny_course.root))


def test_what_nothing_can_be_graded_with_is_a_value_error():
    with pytest.raises(ValueError, match="seed must be"):
        grade_source("", "softmax", seed=-1)
    with pytest.raises(ValueError, match="limits must be above 0"):
        grade_source("", "softmax", limits=Limits(check_seconds=0))


def test_importing_the_package_imports_nothing_of_it():
    code = "import grader, sys; print([name for name in sys.modules if name.startswith('grader.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_other_names_are_no_part_of_it():
    with pytest.raises(AttributeError):
        _ = grader.nothing
