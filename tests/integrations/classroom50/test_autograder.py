"""The folder that is built, on a simulated runner: whatever happens, what it leaves is what Classroom 50 takes."""

import ast
import errno
import itertools
import json
import os
import re
import subprocess
import sys

import pytest

from grader.integrations.classroom50 import autograder
from grader.integrations.classroom50.bundle import PYTHON

NO_FAULT = "no fault of yours"
FULL = (300, 300)  # thirds of points: each is 3 there


def notebook(text):
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "execution_count": None, "outputs": [], "source": text}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]})


def claims_nothing(done):
    return (done.score, done.result["tests"], done.status) == ((0, 0), [], "error") and NO_FAULT in done.body


def test_full_marks(runner, right):
    runner.push(double=right)
    done = runner.run()
    assert (done.score, done.status) == (FULL, "success")
    assert done.summary == "100 of 100 points."
    assert "# 100 / 100 points" in done.body
    assert "takes whole numbers: 300 of 300, for each point here is 3 there" in done.body
    assert "Twice and half" in done.assets["report.html"]
    assert str(runner.temp) not in done.assets["report.html"].partition("<main>")[0]
    assert "::error" not in done.log
    made, packages, wheel = done.commands
    assert made[1:3] == ["--no-config", "venv"]
    assert packages[-2:] == ["-r", str(runner.bundle / "requirements.txt")]
    assert "--torch-backend" not in packages
    assert wheel[-2:] == ["--no-deps", str(next(runner.bundle.glob("*.whl")))]


def test_partial_marks_name_the_mistake(runner, right):
    runner.push(double=right.replace("x + x", "x * 3"))
    done = runner.run()
    assert (done.score, done.status) == ((120, 300), "failure")
    assert done.summary == "40 of 100 points. Tripled."
    assert "**Tripled** *(a common textbook slip)*<br>3x is not 2x. Count." in done.body
    first = done.result["tests"][0]
    assert (first["score"], first["max-score"], first["mistakes"]) == (0, 40, ["tripled"])
    assert first["hint"] == "Multiply by two."
    assert re.search(r"^::error file=double.py(,line=\d+)?,title=Tripled::3x is not 2x. Count.$", done.log, re.M)


def test_no_marks(runner):
    runner.push(double="def double(x):\n    return None\n")
    done = runner.run()
    assert (done.score, done.status) == ((0, 300), "failure")


def test_a_missing_file_loses_every_check_and_is_told(runner):
    runner.push(utils="x = 1", more="y = 1")
    done = runner.run()
    assert (done.score, done.status, len(done.result["tests"])) == ((0, 300), "failure", 7)
    reason = "double.py was not found in the repository. There is more.py, utils.py. Add double.py, commit it and push."
    assert done.messages == {reason}
    assert reason in done.body
    assert "not graded" in done.assets["report.html"]


def test_a_renamed_file_is_graded_and_told(runner, right):
    runner.add("src/my work.py", right)
    done = runner.run()
    assert done.score == FULL
    assert "my work.py was graded, the only file there is: name the file double.py." in done.body


def test_a_notebook_is_graded(runner, right):
    runner.add("week3.ipynb", notebook(right))
    assert runner.run().score == FULL


def test_an_empty_repository(runner):
    done = runner.run()
    assert (done.score, done.status) == ((0, 300), "failure")
    assert "Add double.py, commit it and push." in done.body


def test_a_syntax_error(runner):
    runner.push(double="def double(x:\n    return 2 * x\n")
    done = runner.run()
    assert (done.score, done.status) == ((0, 300), "failure")
    assert "SyntaxError" in done.body


def test_an_endless_loop_costs_its_own_check(runner, right):
    runner.push(double=right.replace("return x / 2", "while True: pass"))
    done = runner.run()
    assert (done.score, done.status) == ((210, 300), "failure")
    assert any("took longer than 0.5 s" in message for message in done.messages)


@pytest.mark.parametrize("end", ["raise SystemExit(0)", "import os; os._exit(0)"])
def test_an_exit_is_no_success(runner, right, end):
    runner.push(double=right.replace("return x / 2", end))
    done = runner.run()
    assert (done.score, done.status) == ((210, 300), "failure")


@pytest.mark.parametrize("process", ["--json", "classroom50"])
def test_a_crash_of_the_grader_claims_no_score(runner, right, process):
    runner.custom = f"import os, sys\nif {process!r} in sys.orig_argv: os.kill(os.getpid(), 9)\n"
    runner.push(double=right)
    done = runner.run()
    assert claims_nothing(done)
    assert "::error" in done.log
    assert "status -9" in done.log


def test_a_damaged_folder_claims_no_score(runner, right):
    (runner.bundle / "sealed" / "double.sealed").write_bytes(b"\x80")
    runner.push(double=right)
    assert claims_nothing(runner.run())


def test_without_a_network_once_it_is_installed(runner, right):
    runner.custom = "import socket\ndef refuse(*_): raise OSError('no network')\nsocket.socket.connect = refuse\n"
    runner.push(double=right)
    assert runner.run().score == FULL


def test_without_uv_pip_installs(runner, right):
    runner.uv = False
    runner.push(double=right)
    done = runner.run()
    assert done.score == FULL, done.log
    made, packages, wheel = done.commands[:3]
    assert made[1:4] == ["-I", "-m", "venv"]
    assert packages[1:5] == ["-I", "-m", "pip", "install"]
    assert packages[-2:] == ["-r", str(runner.bundle / "requirements.txt")]
    assert wheel[-2] == "--no-deps"


def test_nothing_can_be_installed(runner, right):
    runner.uv = None
    runner.prelude = "sys.executable = '/nowhere/python'\n"
    runner.push(double=right)
    done = runner.run()
    assert claims_nothing(done)
    assert "cannot be installed" in done.log


def test_a_python_that_is_too_old_is_told_with_the_setting(runner, right):
    runner.prelude = "sys.version_info = (3, 10, 4)\n"
    runner.push(double=right)
    done = runner.run()
    assert claims_nothing(done)
    assert f'This is Python 3.10: set the assignment\'s runtime to {{"python": "{PYTHON}"}}.' in done.body
    assert done.commands == []


def test_no_time_left(runner, right):
    plan = json.loads((runner.bundle / "assignment.json").read_text())
    (runner.bundle / "assignment.json").write_text(json.dumps(plan | {"deadline": 15.2}))
    runner.push(double=right)
    assert claims_nothing(runner.run())


def test_a_grader_that_hangs_is_ended(runner, right):
    plan = json.loads((runner.bundle / "assignment.json").read_text())
    (runner.bundle / "assignment.json").write_text(json.dumps(plan | {"deadline": 20.0}))
    runner.custom = "import sys, time\nif '--json' in sys.orig_argv: time.sleep(100)\n"
    runner.push(double=right)
    done = runner.run()
    assert claims_nothing(done)
    assert "took longer than" in done.body or "took too long" in done.body  # by whichever process ends it first


WITH_A_CHILD = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"], start_new_session=True)
try:
    print(child.pid, flush=True)
    time.sleep(300)
finally:
    child.kill()
    child.wait()
"""


def test_a_grader_that_is_stopped_ends_what_it_has_started():
    with subprocess.Popen([sys.executable, "-c", WITH_A_CHILD], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as one:
        child = int(one.stdout.readline())
        autograder.stop(one)
        assert one.wait() != 0
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


FORGED = {"schema": "classroom50/result/v1", "score": 300, "max-score": 300, "tests": []}


@pytest.mark.parametrize("kind", ["file", "link", "dangling link", "folder"])
def test_what_stands_in_the_place_of_a_result_is_neither_believed_nor_followed(runner, tmp_path, kind):
    target = tmp_path / "target"
    for name in ("result.json", "release-body.md", "report.html"):
        path = runner.checkout / name
        if kind == "file":
            path.write_text(json.dumps(FORGED))
        elif kind == "folder" and name == "report.html":  # the runner itself stops at folders of the other names
            path.mkdir()
        elif kind != "folder":
            path.symlink_to(target)
            target.write_text("mine") if kind == "link" else None
    runner.push(double="def double(x):\n    return None\n")
    assert runner.run().score == (0, 300)
    assert (target.read_text() == "mine") if kind == "link" else not target.exists()


def test_a_student_s_files_are_never_taken_for_anybody_else_s(runner, right):
    names = ("numpy.py", "json.py", "click.py", "venv.py", "grader/__init__.py", "sitecustomize.py", "encodings.py")
    for name in names:
        runner.add(name, "raise SystemExit(7)")
    runner.add("uv.toml", "nonsense = ")
    runner.add("pyproject.toml", "[tool.uv]\nindex-url = 'https://evil.example'\n")
    runner.add("assignment.json", json.dumps({"options": ["--allow-unsandboxed"]}))
    runner.add("sealed/double.sealed", "")
    runner.add("exercises/other.py", "")
    runner.prelude = f"import os\nos.environ['PYTHONPATH'] = {str(runner.checkout)!r}\n"  # of an image, perhaps
    runner.push(double=right)
    assert runner.run().score == FULL


def test_what_a_student_wrote_gives_no_command(runner, right):
    hostile = "::error::x\n##[error]y\n::set-output name=status::success\n<script>z</script>"
    runner.push(double=f"print({hostile!r})\n" + right.replace("return x / 2", f"raise ValueError({hostile!r})"))
    done = runner.run()
    assert done.score == (210, 300)
    assert not re.search(r"^::(error::|set-output)|^(?!::error ).*##\[", done.log, re.M)
    assert "<script>" not in done.body + done.assets["report.html"]


# The program itself


@pytest.mark.parametrize("full", [1, 2, 3, 4, 5, 6])
def test_a_disk_that_fills_up_leaves_what_claims_no_score(tmp_path, monkeypatch, full):
    """Three files before anything is done, and three where it fails, as it does at once without a plan."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "result.json").write_text(json.dumps(FORGED))
    written = itertools.count(1)
    replace = os.replace

    def until_full(made, path):
        if next(written) >= full:
            raise OSError(errno.ENOSPC, "No space left on device")
        replace(made, path)

    monkeypatch.setattr(os, "replace", until_full)
    monkeypatch.setattr(autograder, "__file__", str(tmp_path / "autograder.py"))
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path))  # cannot be written to
    assert autograder.main() == (1 if full <= 3 else 0)
    assert full == 1 or json.loads((tmp_path / "result.json").read_text())["score"] == 0
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".grader-")]


@pytest.mark.parametrize("path", ["{checkout}", os.pathsep + "/nowhere"], ids=["named", "an empty entry"])
def test_a_path_that_leads_into_the_checkout_is_not_followed(tmp_path, path):
    for name in ("json.py", "html.py", "tempfile.py", "typing.py"):
        (tmp_path / name).write_text("raise SystemExit(7)")
    environment = os.environ | {"PYTHONPATH": path.format(checkout=tmp_path)}
    done = subprocess.run([sys.executable, autograder.__file__], cwd=tmp_path, env=environment, capture_output=True)
    assert done.returncode == 0
    assert json.loads((tmp_path / "result.json").read_text())["score"] == 0  # there is no plan beside the program


def test_the_program_is_read_by_every_python_and_imports_the_standard_library_alone(files):
    tree = ast.parse(files["autograder.py"], feature_version=(3, 7))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not [name for name in imported if name.startswith("grader")]
    assert len(files["autograder.py"].splitlines()) < 260


@pytest.mark.parametrize(
    "change",
    [
        {"score": 4}, {"score": 1.0}, {"max-score": True}, {"tests": None}, {"status": "fine"},
        {"tests": [{"test-name": "a", "passed": 1, "score": 1, "max-score": 1}]},
        {"tests": [{"test-name": "a\n", "passed": True, "score": 1, "max-score": 1}]},
        {"tests": [{"test-name": "a", "passed": True, "score": 2, "max-score": 1}]},
    ],
)  # fmt: skip
def test_only_a_result_that_holds_to_the_contract_takes_the_place_of_the_first(change):
    good = {
        "status": "success", "score": 1, "max-score": 1,
        "tests": [{"test-name": "a", "passed": True, "score": 1, "max-score": 1}],
    }  # fmt: skip
    assert autograder.holds(good)
    assert not autograder.holds(good | change)


def test_torch_comes_without_cuda_by_whatever_there_is(monkeypatch, tmp_path):
    ran = []
    monkeypatch.setattr(
        autograder, "run", lambda command, end: ran.append([os.path.basename(command[0]), *command[1:]])
    )
    monkeypatch.setattr(autograder.shutil, "which", lambda name: "/bin/uv")
    plan = {"torch": "torch==2.13.0", "torch_index": "", "wheel": "w.whl"}
    autograder.by_uv(tmp_path, tmp_path, plan, 0.0)
    assert [command for command in ran if "-r" in command and "--torch-backend cpu" in " ".join(command)]
    ran.clear()
    autograder.by_pip(tmp_path, tmp_path, plan, 0.0)
    assert ran[1][-1] == "uv"
    assert "--torch-backend cpu" in " ".join(ran[2])
    ran.clear()
    autograder.by_pip(tmp_path, tmp_path, plan | {"torch_index": "https://wheels.example/cpu"}, 0.0)
    assert ran[1][-3:] == ["--index-url", "https://wheels.example/cpu", "torch==2.13.0"]
