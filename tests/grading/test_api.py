"""The public face: `from grader import grade_file, grade_source, open_course`."""

import subprocess
import sys
from pathlib import Path

import numpy
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
        (lambda: grade_source("softmax", "import numpy\n" * 99), "No exercise named 'import numpy"),
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
    with pytest.raises(ValueError, match="seed must be a whole number from 0 to"):
        grade_source("", "softmax", seed=-1)
    with pytest.raises(ValueError, match="check_seconds must be a number above 0, not nan"):
        Limits(check_seconds=float("nan"))
    with pytest.raises(ValueError, match="memory must be a whole number of MiB from 1 to"):
        Limits(memory=10**15)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: grade_file(b"softmax.py"), "path must be a str or a Path, not bytes"),
        (lambda: grade_file(RIGHT, Path("softmax")), "exercise must be a str, not PosixPath"),
        (lambda: grade_source(bytearray(b"x = 1"), "softmax"), "source must be the text of a file, as str or bytes"),
        (lambda: grade_source("", "softmax", student=5), "student must be a str, not int"),
        (lambda: grade_source("", "softmax", course="."), r"course must be a Course: open_course\(folder\) gives one"),
        (lambda: grade_source("", "softmax", limits={"memory": 64}), "limits must be of the class Limits, not dict"),
        (lambda: grade_source("", "softmax", seed=5.0), "seed must be a whole number, not float"),
        (lambda: open_course(open_course()), "folder must be a str or a Path, not Course"),
    ],
)
def test_an_argument_of_another_type_is_told_and_costs_nobody_marks(call, message):
    with pytest.raises(TypeError, match=message):
        call()


def test_a_number_of_numpy_is_a_seed():
    assert grade_source("", "softmax", seed=numpy.int64(5)).to_json()["seed"] == 5


def test_importing_the_package_imports_nothing_of_it():
    code = "import grader, sys; print([name for name in sys.modules if name.startswith('grader.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_other_names_are_no_part_of_it():
    with pytest.raises(AttributeError):
        _ = grader.nothing
