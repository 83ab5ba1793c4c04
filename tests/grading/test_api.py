"""The public face: `from grader import grade_file, grade_source, open_course`."""

import subprocess
import sys
from pathlib import Path

import pytest

import grader
from grader import grade_file, grade_source, open_course
from grader.errors import GraderError

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


def test_importing_the_package_imports_nothing_of_it():
    code = "import grader, sys; print([name for name in sys.modules if name.startswith('grader.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_other_names_are_no_part_of_it():
    with pytest.raises(AttributeError):
        _ = grader.nothing
