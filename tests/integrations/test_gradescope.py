"""Gradescope: the zip, and run_autograder itself in a simulated /autograder, in every mishap."""

import io
import json
import math
import os
import stat
import subprocess
import sys
import time
import tomllib
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from grader.integrations.grade_process import OVERHEAD
from grader.integrations.gradescope import results, run
from grader.integrations.gradescope.assignment import Assignment, GradescopeError, Part, parts_of
from grader.integrations.gradescope.bundle import bundle
from grader.integrations.gradescope.matching import find
from grader.result import CheckResult, NamedMistake, Result

FORMATS = {"text", "simple_format", "html", "md", "ansi"}
VISIBILITIES = {"visible", "hidden", "after_due_date", "after_published"}
LINES = {"name", "number", "output"}
CHOICES = {
    "output_format": FORMATS, "test_output_format": FORMATS, "test_name_format": FORMATS, "name_format": FORMATS,
    "visibility": VISIBILITIES, "stdout_visibility": VISIBILITIES, "status": {"passed", "failed"},
}  # fmt: skip
TOP = {
    "score", "execution_time", "output", "output_format", "test_output_format", "test_name_format", "visibility",
    "stdout_visibility", "extra_data", "tests", "leaderboard",
}  # fmt: skip
TEST = {
    "score", "max_score", "status", "name", "name_format", "number", "output", "output_format", "tags", "visibility",
    "extra_data",
}  # fmt: skip


def validate(text):
    """The document, as Gradescope's specification has it."""

    def refuse(constant):
        raise AssertionError(f"{constant} is no JSON")

    document = json.loads(text, parse_constant=refuse)
    assert set(document) <= TOP
    assert "score" in document or document.get("tests")
    for entry in (document, *document.get("tests", [])):
        assert entry is document or set(entry) <= TEST
        for key, value in entry.items():
            if key in {"score", "max_score", "execution_time"}:
                assert type(value) in (int, float), key
                assert math.isfinite(value), key
                assert value >= 0, key
            elif key in CHOICES:
                assert value in CHOICES[key], key
            elif key in LINES:
                assert type(value) is str, key
            elif key == "extra_data":
                assert type(value) is dict
            else:
                assert type(value) is list, key
    return document


class Container:
    """A folder like /autograder, with the zip unpacked and a venv that is this Python."""

    def __init__(self, root, archive):
        self.root = root
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            opened.extractall(root / "source")
        (root / "run_autograder").write_bytes((root / "source" / "run_autograder").read_bytes())
        (root / "submission").mkdir()
        python = root / "venv" / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
        python.chmod(0o755)

    def hand_in(self, **texts):
        for stem, text in texts.items():
            (self.root / "submission" / f"{stem}.py").write_text(text)

    def customize(self, code):
        """Code that every Python process runs when it starts."""
        folder = self.root / "customized"
        folder.mkdir()
        (folder / "sitecustomize.py").write_text(code)

    def run(self):
        path = os.pathsep.join([str(self.root / "customized"), os.environ.get("PYTHONPATH", "")])
        done = subprocess.run(
            ["bash", str(self.root / "run_autograder")],
            cwd=self.root, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0
        self.printed = done.stdout + done.stderr
        return validate((self.root / "results" / "results.json").read_text(encoding="utf-8"))


def assignment_of(course, hidden_input="visible", **settings):
    return Assignment(parts_of(course, course.names, hidden_input), **{"check_seconds": 0.5, **settings})


@pytest.fixture
def container(tiny_course, tmp_path):
    """Makes a container of the tiny course."""

    def make(**settings):
        return Container(tmp_path / "autograder", bundle(tiny_course, assignment_of(tiny_course, **settings)))

    return make


# The zip


def test_the_zip_holds_the_scripts_the_grader_and_only_the_exercises_that_are_named(tiny_course):
    stub, folder = tiny_course.root / "exercises" / "treble.py", tiny_course.root / "solutions" / "treble"
    stub.write_text("")
    folder.mkdir()
    (folder / "test_treble.py").write_text("")
    (tiny_course.root / "solutions" / "double" / "__pycache__").mkdir()
    (tiny_course.root / "solutions" / "double" / "__pycache__" / "reference.pyc").write_text("")
    assignment = Assignment(parts_of(tiny_course, ["double"], "visible"))
    archive = zipfile.ZipFile(io.BytesIO(bundle(tiny_course, assignment)))
    names = set(archive.namelist())
    assert {"setup.sh", "run_autograder", "pyproject.toml", "assignment.json", "grader/cli/grade.py"} <= names
    assert "LICENSE" in names
    assert {"exercises/double.py", "solutions/double/test_double.py", "grader/report/templates/report.html"} <= names
    assert not [name for name in names if "treble" in name or "__pycache__" in name]
    modes = {entry.filename: stat.S_IMODE(entry.external_attr >> 16) for entry in archive.infolist()}
    assert (modes["setup.sh"], modes["run_autograder"], modes["grader/cli/grade.py"]) == (0o755, 0o755, 0o644)
    assert {entry.create_system for entry in archive.infolist()} == {3}


def test_the_same_course_makes_the_same_bytes(tiny_course):
    first = bundle(tiny_course, assignment_of(tiny_course))
    os.utime(tiny_course.root / "exercises" / "double.py", (0, 0))
    assert bundle(tiny_course, assignment_of(tiny_course)) == first


def test_torch_is_installed_only_where_it_is_imported(tiny_course):
    def unpack():
        archive = zipfile.ZipFile(io.BytesIO(bundle(tiny_course, assignment_of(tiny_course))))
        dependencies = tomllib.loads(archive.read("pyproject.toml").decode())["project"]["dependencies"]
        return "torch.txt" in archive.namelist(), any(each.startswith("torch") for each in dependencies)

    assert unpack() == (False, False)
    mistakes = tiny_course.exercise("double").mistakes
    mistakes.write_text(mistakes.read_text() + "\n\ndef late():\n    import torch\n")
    assert unpack() == (True, True)


def test_pip_installs_the_whole_grader_from_the_zip(tiny_course, tmp_path):
    archive = zipfile.ZipFile(io.BytesIO(bundle(tiny_course, assignment_of(tiny_course))))
    archive.extractall(tmp_path / "source")
    code = "from setuptools.build_meta import build_wheel; print(build_wheel('../wheel'))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path / "source", capture_output=True, text=True, timeout=300
    )
    (wheel,) = (tmp_path / "wheel").glob("*.whl")
    assert done.returncode == 0, done.stderr
    ours = {name for name in archive.namelist() if name.startswith("grader/")}
    assert {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info" not in name} == ours


@pytest.mark.parametrize("script", ["setup.sh", "run_autograder"])
def test_the_scripts_are_bash(script):
    folder = Path(results.__file__).parent
    assert subprocess.run(["bash", "-n", folder / script]).returncode == 0


def test_setup_installs_into_the_folder_where_run_autograder_looks(container, tmp_path):
    root = container().root
    (root / "venv" / "bin" / "python").unlink()
    tools, log = tmp_path / "tools", tmp_path / "log"
    tools.mkdir()
    made = f'mkdir -p "$3/bin"; cp "$0" "$3/bin/python"; echo "$*" >> {log}'
    (tools / "python3").write_text(
        f'#!/bin/sh\ncase "$*" in "-c import"*) exit 0;; "-m venv"*) {made};; *) echo "$*" >> {log};; esac\n'
    )
    (tools / "python3").chmod(0o755)
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(["bash", root / "source" / "setup.sh"], env={"PATH": path}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    made, installed, looked = log.read_text().splitlines()
    assert made == f"-m venv {root}/venv"
    assert installed.startswith("-m pip install")
    assert installed.endswith(f" {root}/source")
    assert looked == "-P -m grader doctor"


def test_build_says_what_it_made_and_refuses_in_one_line(tiny_course, tmp_path):
    command = [sys.executable, "-m", "grader", "gradescope", "build", "--course", str(tiny_course.root)]

    def build(*words):
        return subprocess.run([*command, *words], cwd=tmp_path, capture_output=True, text=True, timeout=300)

    done = build("double", "--points", "20")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "autograder.zip: double. Set the autograder's points to 20.\n"
    assert zipfile.is_zipfile(tmp_path / "autograder.zip")
    done = build("double", "--points", "nan")
    assert (done.returncode, done.stderr.splitlines()[-1]) == (
        2,
        "Error: Invalid value for '--points': nan is no finite number.",
    )
    done = build("duoble")
    assert (done.returncode, done.stderr) == (2, "Error: No exercise named 'duoble'. Did you mean 'double'?\n")


def test_a_suite_that_cannot_be_collected_is_refused_when_the_zip_is_built(tiny_course):
    tiny_course.exercise("double").suite.write_text("def broken(:")
    with pytest.raises(GradescopeError, match="cannot be collected"):
        assignment_of(tiny_course)


def test_an_assignment_survives_its_file(tiny_course, tmp_path):
    assignment = assignment_of(tiny_course, points=7.5, allow_unsandboxed=True)
    (tmp_path / "assignment.json").write_text(assignment.to_json())
    assert Assignment.read(tmp_path / "assignment.json") == assignment
    for text in ["", "[]", '{"parts": 3}', '{"parts": [], "unknown": 1}']:
        (tmp_path / "assignment.json").write_text(text)
        with pytest.raises(GradescopeError, match="build the autograder again"):
            Assignment.read(tmp_path / "assignment.json")


# The run, by run_autograder


def test_full_marks(container, right):
    box = container()
    box.hand_in(double=right)
    found = box.run()
    assert found["score"] == sum(test["score"] for test in found["tests"]) == 100
    assert {test["status"] for test in found["tests"]} == {"passed"}
    assert [test["number"] for test in found["tests"]] == [f"1.{i}" for i in range(1, 7)]
    assert "<h3>Twice and half: 100 of 100 points</h3>" in found["output"]
    record = found["extra_data"]["exercises"]["double"]
    assert record["sandbox"]["confined"]
    assert len(record["sandbox"]["layers"]) == 7


def test_partial_marks_name_the_mistake_and_are_scaled_where_asked(container, right):
    box = container(points=10.0)
    box.hand_in(double=right.replace("x + x", "x * 3"))
    found = box.run()
    assert found["score"] == 4
    assert math.isclose(sum(test["score"] for test in found["tests"]), 4)
    assert math.isclose(sum(test["max_score"] for test in found["tests"]), 10)
    first = found["tests"][0]
    assert (first["name"], first["status"], first["max_score"]) == ("Doubles 3 numbers.", "failed", 2)
    assert "<em>Hint:</em> Multiply by two." in first["output"]
    assert first["extra_data"]["mistakes"] == ["tripled"]
    assert "<strong>Tripled</strong> <em>(a common textbook slip)</em><br>3x is not 2x. Count." in found["output"]


def test_missing_file(container):
    box = container()
    box.hand_in(duoble="def double(x): return 2 * x", notes="")
    box.hand_in(other="x = 1")
    found = box.run()
    assert found["score"] == 0
    (test,) = found["tests"]
    assert (test["score"], test["max_score"], test["status"]) == (0, 100, "failed")
    assert "No file named double.py was handed in" in found["output"]
    assert "If duoble.py is meant, name it double.py." in found["output"]
    assert "Not opened: notes.py (the file is empty)." in found["output"]
    assert found["extra_data"] == {"status": "graded", "exercises": {"double": {"status": "missing"}}}


def test_empty_submission(container):
    box = container()
    (box.root / "submission").rmdir()
    found = box.run()
    assert found["score"] == 0
    assert "No file named double.py was handed in" in found["output"]


def test_renamed_file_is_graded_and_told(container, right):
    box = container()
    box.hand_in(**{"my <b>final work": right})
    found = box.run()
    assert found["score"] == 100
    assert "my &lt;b&gt;final work.py was graded as double" in found["output"]


def test_notebook_instead_of_a_script_is_graded_or_refused_in_words(container):
    box = container()
    (box.root / "submission" / "double.ipynb").write_text('{"cells": [], "metadata": {}, "nbformat": 4}')
    found = box.run()
    assert found["score"] == 0
    assert found["extra_data"]["status"] == "graded"
    assert "double.ipynb" in found["output"]
    assert str(box.root) not in found["output"]


def test_syntax_error(container, right):
    box = container()
    box.hand_in(double=right.replace("return x + x", "return (x + <script>"))
    found = box.run()
    assert found["score"] < 100
    assert found["extra_data"]["status"] == "graded"
    assert "<strong>SyntaxError: invalid syntax (line 5)</strong>" in found["output"]
    assert "<pre>5 │ " in found["output"]
    assert "<script>" not in json.dumps(found)


def test_endless_loop_costs_its_own_checks(container, right):
    box = container()
    box.hand_in(double=right.replace("return x / 2", "while True: pass"))
    found = box.run()
    assert found["score"] == 70
    assert "took longer than 0.5 s" in found["tests"][-1]["output"]


def test_no_network(container, right):
    box = container()
    box.customize("import socket\ndef refuse(*_): raise OSError('no network')\nsocket.socket.connect = refuse\n")
    box.hand_in(double=right)
    assert box.run()["score"] == 100


CRASH = """
import os, signal, sys
if "--json" in sys.orig_argv:
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_crash_of_the_grader_keeps_the_last_graded_score_and_says_so_loudly(container, right):
    box = container()
    box.customize(CRASH)
    box.hand_in(double=right)
    earlier = [
        {"submission_time": "2026-03-01T10:00:00+00:00", "score": "55.5", "results": {"extra_data": {}}},
        {"submission_time": "2026-03-02T10:00:00+00:00", "score": 0.0, "results": results.failure(None)},
    ]
    (box.root / "submission_metadata.json").write_text(json.dumps({"previous_submissions": earlier}))
    found = box.run()
    assert (found["score"], found["extra_data"]["status"]) == (55.5, "error")
    assert "no fault of yours" in found["output"]
    assert "no less than that of your last graded submission" in found["output"]
    (test,) = found["tests"]
    assert "score" not in test
    assert "max_score" not in test
    assert "ended with status -9" in box.printed


def test_a_grader_that_hangs_is_stopped(container, right):
    box = container(seconds=0.6)
    box.customize("import sys, time\nif '--json' in sys.orig_argv: time.sleep(1000)")
    box.hand_in(double=right)
    start = time.monotonic()
    found = box.run()
    assert time.monotonic() - start < 300
    assert found["extra_data"]["status"] == "error"
    assert "was stopped" in box.printed


def test_a_submission_that_is_slow_to_load_costs_itself(container, right):
    box = container(seconds=OVERHEAD + 3.0)
    box.hand_in(double="import time\n" + "time.sleep(1.5)\n" * 20 + right)
    found = box.run()
    assert (found["extra_data"]["status"], found["score"]) == ("graded", 0)
    assert "took longer than" in json.dumps(found)


def test_a_broken_suite_is_told_to_the_instructor_only(container, right):
    box = container()
    suite = box.root / "source" / "solutions" / "double" / "test_double.py"
    suite.write_text(suite.read_text().replace("x = rng.normal(size=3)", "x = undefined"))
    box.hand_in(double=right)
    found = box.run()
    assert (found["score"], found["extra_data"]["status"]) == (0, "error")
    assert "The score shown is no grade" in found["output"]
    assert "undefined" in box.printed
    assert "undefined" not in json.dumps(found)
    assert found["stdout_visibility"] == "hidden"


def test_without_python_there_is_a_result_all_the_same(container):
    box = container()
    (box.root / "venv" / "bin" / "python").write_text("#!/bin/sh\nexit 127\n")
    assert box.run() == results.failure(None)


def test_a_broken_zip_and_broken_metadata_end_in_a_result(container):
    box = container()
    (box.root / "source" / "assignment.json").unlink()
    (box.root / "submission_metadata.json").write_bytes(b"\xff{[" * 1000)
    found = box.run()
    assert found["extra_data"] == {"status": "error"}
    assert "build the autograder again" in box.printed


def test_without_walls_nothing_is_graded_unless_the_instructor_chose_so(container, right):
    box = container()
    box.customize("import os\ndel os.fork\n")
    box.hand_in(double=right)
    found = box.run()
    assert (found["score"], found["extra_data"]["status"]) == (0, "error")
    assert "The sandbox lacks: " in box.printed
    settings = json.loads((box.root / "source" / "assignment.json").read_text())
    (box.root / "source" / "assignment.json").write_text(json.dumps({**settings, "allow_unsandboxed": True}))
    found = box.run()
    assert found["score"] == 100
    assert not found["extra_data"]["exercises"]["double"]["sandbox"]["confined"]


# Its parts


def test_the_best_place_for_a_file_is_taken_and_the_others_are_told(tmp_path):
    for name in ["deep/down/double.py", "double (1).py", "double.ipynb"]:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x = 1")
    handin = find(tmp_path, ["double"])["double"]
    assert handin.file.parts == ("double (1).py",)
    assert "Several files answer double: double (1).py, deep/down/double.py, double.ipynb." in handin.note


def test_a_link_out_of_the_submission_is_not_followed(tmp_path):
    (tmp_path / "reference.py").write_text("secret = 1")
    (tmp_path / "submission").mkdir()
    (tmp_path / "submission" / "double.py").symlink_to(tmp_path / "reference.py")
    handin = find(tmp_path / "submission", ["double"])["double"]
    assert handin.file is None
    assert "Not opened: double.py (a symbolic link is not followed)." in handin.missing


def test_one_script_does_not_answer_two_exercises_but_one_notebook_may(tmp_path):
    (tmp_path / "week.py").write_text("x = 1")
    assert not any(handin.file for handin in find(tmp_path, ["double", "triple"]).values())
    (tmp_path / "week.py").rename(tmp_path / "week.ipynb")
    assert all(handin.file for handin in find(tmp_path, ["double", "triple"]).values())


def result_of(score):
    checks = (
        CheckResult("test_a", "test_a", "passed", 50.0, 50.0),
        CheckResult("test_b", "test_b", "failed", 0.0, 50.0),
    )
    mistake = NamedMistake("slip", "Slip", "`x` is\n<y>", ("test_b",), "values")
    return Result("a", "a.py", "graded", score, 3, checks=checks, mistakes=(mistake,))


def test_the_points_of_the_tests_add_up_to_the_total_exactly():
    checks = tuple(CheckResult(f"test_{n}", "A", "passed", 3.333333, 3.333333) for n in range(3))
    checks += (CheckResult("test_last", "B", "failed", 0.0, 90.0),)
    part = Part("double", "Twice", 100.0, {})
    result = Result("double", "double.py", "graded", 10.0, 1, max_score=100.0, checks=checks)
    for total in (None, 10.0, 7.0, 50_000.0):
        assignment = Assignment((part, Part("other", "Other", 100.0, {})), points=total)
        document = results.document(
            assignment,
            [results.Outcome(part, result), results.Outcome(assignment.parts[1], missing="No file.")],
            None,
            1.0,
        )
        most = sum(Decimal(str(test["max_score"])) for test in document["tests"])
        assert most == Decimal(str(total or 200.0))
        assert sum(Decimal(str(test["score"])) for test in document["tests"]) == Decimal(str(document["score"]))
        assert all(test["score"] == test["max_score"] for test in document["tests"] if test["status"] == "passed")


def test_a_hidden_check_is_told_by_nothing_that_students_see():
    open_part, part = Part("a", "A", 100.0, {}), Part("a", "A", 100.0, {"test_b": "after_published"})
    shown = results.document(Assignment((open_part,)), [results.Outcome(open_part, result_of(50.0))], None, 1.0)
    assert "50 of 100 points" in shown["output"]
    assert "<strong>Slip</strong><br><code>x</code> is<br>&lt;y&gt;" in shown["output"]
    found = results.document(Assignment((part,)), [results.Outcome(part, result_of(50.0))], None, 1.0)
    assert [test["visibility"] for test in found["tests"]] == ["visible", "after_published"]
    assert "50" not in found["output"]
    assert "Slip" not in found["output"]


def test_the_mark_hidden_input_hides_where_the_instructor_asks_for_it(tiny_course):
    suite = tiny_course.exercise("double").suite
    suite.write_text(
        suite.read_text().replace("@pytest.mark.points(30)", "@pytest.mark.hidden_input\n" + "@pytest.mark.points(30)")
    )
    assert assignment_of(tiny_course).parts[0].visibility == {}
    assert assignment_of(tiny_course, "hidden").parts[0].visibility == {"test_halve": "hidden"}


def test_a_fault_in_one_exercise_leaves_the_marks_of_the_others():
    a, b = Part("a", "A", 100.0, {}), Part("b", "B", 100.0, {})
    outcomes = [results.Outcome(a, result_of(50.0)), results.Outcome(b, fault="broke")]
    assignment = Assignment((a, b), points=10.0)
    for previous, score in [(None, 2.5), (1.0, 2.5), (6.0, 6.0)]:
        found = results.document(assignment, outcomes, previous, 1.0)
        validate(json.dumps(found))
        assert found["score"] == score
        assert "could not grade B" in found["output"]
    assert [test["number"] for test in found["tests"]] == ["1.1", "1.2", "2.1"]
    assert found["tests"][0]["name"] == "A: test_a"


@pytest.mark.parametrize(
    "metadata",
    [
        None,
        [],
        3,
        {},
        {"previous_submissions": None},
        {"previous_submissions": [3, {}, {"score": "NaN"}, {"score": []}]},
    ],
)
def test_metadata_of_any_shape_is_survived(metadata):
    assert run.previous_score(metadata) is None


def test_no_text_becomes_markup_and_no_number_becomes_nan(tmp_path):
    assert results.html('a<b> "&"\x1b[31m `c`\n') == "a&lt;b&gt; &quot;&amp;&quot;\ufffd <code>c</code><br>"
    with pytest.raises(ValueError, match="not JSON compliant"):
        results.write({"score": math.nan}, tmp_path / "results.json")
    assert not (tmp_path / "results.json").exists()
