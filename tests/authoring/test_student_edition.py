"""The student edition grades and names as the course does, without a line of its solutions."""

import json
import os
import py_compile
import subprocess
import sys
from pathlib import Path

import pytest

from grader.authoring.student_edition import edition
from grader.authoring.student_edition.audit import leaks
from grader.authoring.student_edition.seal import recorded_checks, seal
from grader.course.course import Course, CourseError
from grader.course.sealed_exercise import SealedExercise
from grader.course.sealed_file import SealError
from grader.grading.examiner import Examiner
from grader.grading.settings import Settings
from grader.submissions.submission import Submission, read

ROOT = Path(__file__).parents[2]
SAMPLES = sorted(path.parent for path in (ROOT / "tests" / "submissions").glob("*/expected.json"))
WRONG = "def double(x):\n    return 3 * x\n\ndef halve(x):\n    return x * (1 / 3)\n"
SEED = 13


@pytest.mark.parametrize("name", Course(ROOT).names)
def test_every_exercise_can_be_recorded(name):
    examiner = Examiner(Course(ROOT).exercise(name))
    assert [check.id for check in recorded_checks(examiner, SEED)] == [check.id for check in examiner.checks]


# Every pair of mistakes is recorded, which takes many minutes for all exercises.
@pytest.mark.parametrize("folder", SAMPLES[13::9], ids=[folder.name for folder in SAMPLES[13::9]])
def test_samples_get_the_same_from_the_sealed_exercise(hosts, folder, tmp_path):
    exercise = Course(ROOT).exercise(folder.name)
    path = tmp_path / f"{folder.name}.sealed"
    path.write_bytes(seal(exercise, [SEED]))
    examiner = Examiner(SealedExercise(folder.name, tmp_path / "stub.py", path))
    host = hosts.get(exercise.libraries)
    expected_of = json.loads((folder / "expected.json").read_text())
    for name, expected in expected_of.items():
        result = examiner.grade(read(folder / name, exercise.name), host, Settings(SEED))
        assert result.status == "graded", result.error
        assert round(result.score, 2) == expected["score"], name
        assert {mistake.id for mistake in result.mistakes} == set(expected.get("mistakes", [])), name
        assert list(result.not_allowed) == expected.get("not_allowed", []), name


@pytest.fixture
def course(tiny_course):
    """The tiny course with a suite that can be sealed."""
    suite = tiny_course.root / "solutions/double/test_double.py"
    text, _, _ = suite.read_text().partition("def test_halve")
    suite.write_text(f'{text}def test_halve(agree, rng):\n    """Halves."""\n    agree("halve", rng.normal(size=3))\n')
    return tiny_course


@pytest.fixture
def files(course):
    return edition.edition(course, {"double": seal(course.exercise("double"), [4, 5])})


@pytest.fixture
def student(files, tmp_path):
    edition.write(files, tmp_path / "student")
    return tmp_path / "student"


def grade(student, *arguments, code="from grader.cli.grade import grade; grade()"):
    """`grade` of the edition's own grader, in its folder."""
    environment = os.environ | {"PYTHONPATH": str(student)}
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, cwd=student, env=environment, capture_output=True, text=True, timeout=300)


def test_messages_are_the_same_too(course, student, hosts, right):
    for text in (right, WRONG, "def double(x):\n    raise KeyError(x)\n", "def double("):
        submission = Submission("double.py", "double", text.encode())
        results = [
            Examiner(each.exercise("double")).grade(submission, hosts.get(("numpy",)), Settings(5))
            for each in (course, Course(student))
        ]
        assert results[0].checks[0].message == results[1].checks[0].message
        told = [
            [(check.id, check.title, check.status, check.message, check.hint, check.line) for check in result.checks]
            for result in results
        ]
        assert told[0] == told[1]
        assert results[0].mistakes == results[1].mistakes


def test_the_edition_grades_by_itself(student):
    (student / "exercises/double.py").write_text(WRONG)
    done = grade(student, "exercises/double.py", "--json", "-")
    assert done.returncode == 1, done.stderr
    (result,) = json.loads(done.stdout)["results"]
    assert [mistake["id"] for mistake in result["mistakes"]] == ["tripled", "wrong_half"]
    assert result["seed"] in (4, 5)
    assert (student / "reports/double.html").exists()


def test_the_edition_grades_a_folder(student, right):
    for name, text in (("ann", right), ("bob", WRONG)):
        path = student / "class" / name / "double.py"
        path.parent.mkdir(parents=True)
        path.write_text(text)
    done = grade(student, "class", "--allow-unsandboxed")
    assert "2 graded" in done.stdout, done.stderr
    assert "holds the answers for 2 seeds: that is for learning" in done.stderr
    assert "2 unchanged" in grade(student, "class", "--allow-unsandboxed").stdout  # though few seeds stand for all


def test_neither_pytest_nor_torch_is_imported_to_grade(student):
    code = """if True:
        import os, sys

        def end(status, leave=os._exit):
            print({"pytest", "torch"} & set(sys.modules))
            sys.stdout.flush()
            leave(status)

        os._exit = end
        from grader.cli.grade import grade
        grade()"""
    told = grade(student, "exercises/double.py", "-q", code=code).stdout
    assert told.startswith("exercises/double.py: double: 0/100 (double is not written yet")
    assert told.endswith("\nset()\n")
    path = student / "sealed" / "rnn_cell.sealed"
    path.write_bytes(seal(Course(ROOT).exercise("rnn_cell"), [5]))
    (student / "rnn_cell.py").write_text("def rnn_cell(x, h, *weights):\n    return h\n")
    assert "set()" in grade(student, "rnn_cell.py", "-q", "--seed", "5", code=code).stdout


def test_the_edition_serves_github_classroom(student, tmp_path, right):
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    (workspace / "double.py").write_text(right)
    runner = {
        "GITHUB_WORKSPACE": workspace,
        "GITHUB_OUTPUT": tmp_path / "output",
        "GITHUB_STEP_SUMMARY": tmp_path / "s",
    }
    environment = os.environ | {"PYTHONPATH": str(student), "CI": "true"} | {key: str(runner[key]) for key in runner}
    command = [sys.executable, "-m", "grader", "classroom", "run", "--exercises", "double", "--course", str(student)]
    done = subprocess.run(command, cwd=student, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert "# 100 / 100 points" in (tmp_path / "s").read_text()
    assert "that is for learning" in (tmp_path / "s").read_text()


def test_the_action_is_packed(course):
    (course.root / "action.yml").write_text("name: Grade")
    sealed = {"double": seal(course.exercise("double"), [4])}
    assert edition.edition(course, sealed)["action.yml"] == b"name: Grade"


def test_other_seeds_are_refused(student):
    done = grade(student, "exercises/double.py", "--seed", "7")
    assert done.returncode == 2
    assert done.stderr.strip().endswith("sealed has no answers for that seed. There are: 4, 5.")
    with pytest.raises(CourseError, match="There are: 4, 5"):
        Course(student).seed(7, 0)
    assert {Course(student).seed(None, drawn) for drawn in range(4)} == {4, 5}


@pytest.mark.parametrize("data", [b"", b"\x80", b"\x81\xa4form\x63", None])
def test_a_damaged_file_is_one_line(student, data):
    path = student / "sealed/double.sealed"
    path.write_bytes(path.read_bytes()[:-200] if data is None else data)
    done = grade(student, "exercises/double.py")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "double.sealed" in done.stderr


def test_what_a_check_asserts_by_itself_cannot_be_sealed(tiny_course):
    with pytest.raises(SealError, match=r"test_halve cannot be sealed.*belongs into a probe"):
        seal(tiny_course.exercise("double"), [1])


def test_nothing_of_the_solutions_is_in_it(course, files):
    assert leaks(files, course) == []


@pytest.mark.parametrize(
    ("name", "leak"),
    [
        ("README.md", b"so:        return 2 * x  # as in class\n    x = half = 0.5 * x"),
        ("exercises/double.py", b'agree("double", rng.normal(size=size))'),
        ("grader/cli/grade.py", b"# replace('return 2 * x', 'return 3 * x')  wrong_half = half = 0.5"),
    ],
)
def test_a_line_that_leaked_is_found(course, files, name, leak):
    secret = course.root / "solutions/double/reference.py"
    secret.write_text(secret.read_text().replace("return 2 * x", "return 2 * x  # as in class"))
    assert leaks(files | {name: files[name] + leak}, course)[0].startswith(f"{name}: ")


def test_a_line_in_a_sealed_section_is_found(course, files):
    secret = course.root / "solutions/double/reference.py"
    secret.write_text(secret.read_text().replace("half = 0.5", "the_half_of_it = half = 0.5"))
    probes = course.root / "solutions/double/probes.py"
    probes.write_text(probes.read_text() + "\n\ndef probe(module):\n    the_half_of_it = half = 0.5\n")
    sealed = seal(Course(course.root).exercise("double"), [4])
    probes.write_text("")  # now it is a secret again
    assert "the_half_of_it = half = 0.5" in leaks(files | {"sealed/double.sealed": sealed}, Course(course.root))[0]


def test_compiled_solutions_are_found(course, files, tmp_path):
    compiled = tmp_path / "reference.pyc"
    py_compile.compile(str(course.root / "solutions/double/reference.py"), str(compiled))
    found = leaks(files | {"grader/cache": compiled.read_bytes()}, course)
    assert any("the code of double in solutions/double/reference.py" in finding for finding in found)
    assert any("nobody can look into" in finding for finding in leaks(files | {"a.zip": b""}, course))


def test_pack_writes_an_edition_that_passes_its_check(course, tmp_path):
    def pack(*arguments):
        command = [sys.executable, "-m", "grader", "pack", *arguments, "--course", str(course.root)]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300)

    (tmp_path / "taken").mkdir()
    (tmp_path / "taken/thesis.txt").write_text("mine")
    refused = pack("-o", "taken")
    assert (refused.returncode, os.listdir(tmp_path / "taken")) == (2, ["thesis.txt"])
    assert "no earlier edition" in refused.stderr

    done = pack("--seed", "8", "--seed", "9")
    assert done.returncode == 0, done.stderr
    assert "no line of the solutions" in done.stdout
    assert not list((tmp_path / "student").rglob("*solutions*"))
    assert Course(tmp_path / "student").exercise("double").seeds == (8, 9)
    (tmp_path / "student/.git").mkdir()
    again = pack()
    assert again.returncode == 0, again.stderr
    assert (tmp_path / "student/.git").exists()
    assert pack("--check").returncode == 0

    (tmp_path / "student/notes.md").write_text('agree("double", rng.normal(size=size))')
    found = pack("--check")
    assert found.returncode == 1
    assert "notes.md: " in found.stdout


def test_the_tools_of_authors_say_that_they_need_the_solutions(student):
    for arguments in (["check"], ["new", "triple"], ["pack"]):
        done = grade(student, *arguments, code="from grader.cli.grader import grader; grader()")
        assert done.returncode == 2, arguments
        assert "Traceback" not in done.stderr
        assert "student edition" in done.stderr or "is sealed" in done.stderr
