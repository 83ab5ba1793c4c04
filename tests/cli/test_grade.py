"""The commands as users run them: exit statuses, output, files."""

import contextlib
import functools
import json
import os
import signal
import subprocess
import sys

import pytest

GRADE = [sys.executable, "-c", "from grader.cli.grade import grade; grade()"]
GRADER = [sys.executable, "-m", "grader"]


@pytest.fixture
def run(tiny_course, tmp_path, right):
    """Runs a command in a folder with right.py, wrong.py and the tiny course beside it."""
    (tmp_path / "double.py").write_text(right)
    for name in ("wrong.py", "hw1_double.py", "double (1).py"):
        (tmp_path / name).write_text(right.replace("x + x", "x * 3"))

    def command(*words, program=GRADE, **environment):
        extra = ["--course", str(tiny_course.root)]
        return subprocess.run(
            [*program, *map(str, words), *extra],
            cwd=tmp_path,
            env={**os.environ, "CI": "", **environment},
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=300,
        )

    return command


def test_full_marks_exit_0_and_leave_a_report(run, tmp_path):
    done = run("double.py")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Twice and half   100 / 100   double.py" in done.stdout
    assert "confined by 7 layers" in done.stdout
    assert "<!DOCTYPE html>" in (tmp_path / "reports" / "double.html").read_text()[:100]


def test_lost_marks_exit_1_and_are_explained(run):
    done = run("wrong.py", "-e", "double", "--seed", 3)
    assert done.returncode == 1
    for words in ["40 / 100", "got", "Hint: Multiply by two.", "→ Tripled", "a common textbook slip", "Seed 3"]:
        assert words in done.stdout


def test_quiet_is_one_line_a_submission(run):
    done = run("wrong.py", "double.py", "-e", "double", "-q")
    assert done.stdout == "wrong.py: double: 40/100 (Tripled)\ndouble.py: double: 100/100\n"
    assert done.returncode == 1


def test_json_has_the_agreed_form(run, tmp_path):
    done = run("wrong.py", "-e", "double", "--json", "-", "--seed", 3)
    found = json.loads(done.stdout)
    assert found["version"] == 1
    (result,) = found["results"]
    wanted = {"exercise", "submission", "student", "status", "score", "max_score", "seed", "duration", "checks"}
    assert wanted | {"mistakes", "not_allowed", "sandbox", "environment"} <= set(result)
    assert (result["exercise"], result["submission"], result["student"]) == ("double", "wrong.py", None)
    assert (result["status"], result["score"], result["max_score"], result["seed"]) == ("graded", 40.0, 100.0, 3)
    check = result["checks"][0]
    told = {"id", "title", "status", "score", "max_score", "message", "hint", "line", "place", "duration"}
    assert set(check) == told
    (mistake,) = result["mistakes"]
    assert set(mistake) == {"id", "title", "explanation", "checks", "evidence", "textbook"}
    assert (mistake["id"], mistake["evidence"], mistake["textbook"]) == ("tripled", "values", True)
    run("wrong.py", "-e", "double", "--json", "out.json", "--seed", 3)
    assert json.loads((tmp_path / "out.json").read_text())["results"][0]["score"] == 40.0


def test_the_seed_is_drawn_anew_each_time(run):
    seeds = {json.loads(run("double.py", "--json", "-").stdout)["results"][0]["seed"] for _ in range(2)}
    assert len(seeds) == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nothing.py"], "Error: nothing.py does not exist."),
        (["wrong.py"], "Error: No exercise named 'wrong'."),
        (["wrong.py"], "Name the exercise: grade wrong.py -e NAME"),
        (["hw1_double.py"], "Name the exercise: grade hw1_double.py -e double"),
        (["double (1).py"], "Name the exercise: grade 'double (1).py' -e double"),
        (["double"], "Error: double does not exist. Did you mean double.py?"),
        (["double.py", "-e", "duoble"], "Did you mean 'double'?"),
        (["double.py", "--seed", "x"], "Invalid value for '--seed'"),
        ([], "Missing argument 'PATH...'"),
    ],
)
def test_bad_usage_is_one_clear_line_and_exit_2(run, words, said):
    done = run(*words)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_may_end_in_capitals(run, tmp_path, right):
    (tmp_path / "double.PY").write_text(right)
    assert run("double.PY", "-q").stdout == "double.PY: double: 100/100\n"


def test_a_file_that_python_cannot_read_is_told_in_one_line_and_in_a_few(run, tmp_path):
    (tmp_path / "broken.py").write_text("def double(x)\n    return 2 * x\n")
    said = run("broken.py", "-e", "double", "-q").stdout
    assert said == "broken.py: double: 0/100 (SyntaxError: expected ':' (line 1))\n"
    whole = run("broken.py", "-e", "double").stdout
    assert "1 │ def double(x)\n      │              ^" in whole
    assert "6 checks not run" in whole
    assert len(whole.splitlines()) < 24


def test_what_passed_is_told_in_one_line_or_on_demand(run):
    folded = run("wrong.py", "-e", "double", "--seed", 3).stdout
    assert "checks passed (-v shows them)" in folded
    assert "Halves." not in folded
    assert "Halves." in run("wrong.py", "-e", "double", "--seed", 3, "-v").stdout
    assert "Halves." in run("double.py").stdout


@pytest.mark.parametrize("setting", ["NO_COLOR=1", "TERM=dumb", "TERM=xterm"])
@pytest.mark.usefixtures("run")
def test_colours_are_left_out_where_they_are_not_wanted(tiny_course, tmp_path, setting):
    name, value = setting.split("=")
    command = [*GRADE, "wrong.py", "-e", "double", "--course", str(tiny_course.root)]
    output = terminal_output(command, tmp_path, name, value)
    assert (b"\x1b[" in output) == (setting == "TERM=xterm")
    assert b"Tripled" in output


def terminal_output(command, folder, name, value):
    """What a command writes to a terminal."""
    import pty

    environment = {key: found for key, found in os.environ.items() if key not in ("NO_COLOR", "TERM")}
    master, slave = pty.openpty()
    with subprocess.Popen(command, cwd=folder, stdout=slave, stderr=slave, env=environment | {name: value}) as process:
        os.close(slave)
        parts = []
        with contextlib.suppress(OSError):  # the end of a terminal
            while part := os.read(master, 1 << 16):
                parts.append(part)
        process.wait(60)
    os.close(master)
    return b"".join(parts)


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "ascii"])
def test_an_output_that_lacks_characters_gets_marks_for_them(run, encoding):
    done = run("wrong.py", "-e", "double", "--seed", 3, PYTHONIOENCODING=encoding)
    assert done.returncode == 1
    assert "Tripled" in done.stdout
    assert "UnicodeEncodeError" not in done.stdout + done.stderr


def test_a_bad_file_does_not_stop_the_others(run):
    done = run("nothing.py", "double.py", "-q")
    assert done.stdout == "double.py: double: 100/100\n"
    assert (done.returncode, done.stderr) == (2, "Error: nothing.py does not exist.\n")


def test_a_fault_of_the_suite_claims_no_score_and_exits_2(run, tiny_course):
    suite = tiny_course.exercise("double").suite
    suite.write_text(suite.read_text().replace("x = rng.normal(size=3)", "x = undefined"))
    done = run("double.py")
    assert done.returncode == 2
    assert "It costs the student nothing" in done.stdout
    suite.write_text("def broken(:")
    done = run("double.py")
    assert done.returncode == 2
    assert "cannot be collected" in done.stderr


def test_timeout_is_a_check_s_own(run, tmp_path, right):
    (tmp_path / "slow.py").write_text(right.replace("return x / 2", "while True: pass"))
    done = run("slow.py", "-e", "double", "--timeout", 0.5)
    assert "halve took longer than 0.5 s" in done.stdout
    assert "70 / 100" in done.stdout


def test_memory_is_bounded(run, tmp_path, right):
    (tmp_path / "big.py").write_text("import numpy as np\n" + right.replace("x / 2", "x / np.ones((1 << 26, 3)).max()"))
    done = run("big.py", "-e", "double", "--memory", 100)
    assert "halve used more than 100 MiB of memory" in done.stdout


def test_a_right_course_is_proven(run):
    done = run("check", program=GRADER)
    assert (done.returncode, done.stdout) == (0, "")
    assert "double: proven" in done.stderr


def test_every_weakness_of_a_course_is_a_line(run, tiny_course):
    folder = tiny_course.root / "solutions" / "double"
    suite = folder / "test_double.py"
    suite.write_text(suite.read_text().replace("points(30)", "points(20)").replace('"""Halves."""', "pass"))
    mistakes = folder / "mistakes.py"
    mistakes.write_text(mistakes.read_text().replace("half = 1 / 3", "half = 0.5 + 1e-12").replace("3 * x", "x * x"))
    stub = tiny_course.root / "exercises" / "double.py"
    stub.write_text(stub.read_text().replace('raise NotImplementedError("halve")', "return x / 2"))
    done = run("check", "double", program=GRADER)
    assert done.returncode == 1
    for line in [
        "double: the points add up to 90, not 100",
        "double: test_halve has no docstring: it is the title that the student reads",
        "double: the stub scores 20, not 0: test_halve",
        "double: mistake wrong_half loses no points whatever the seed",
        "double: mistake tripled is named nothing whatever the seed",
    ]:
        assert line in done.stdout.splitlines()


def test_a_course_check_of_nothing_known_is_refused(run):
    done = run("check", "nothing", program=GRADER)
    assert done.returncode == 2
    assert "No exercise named 'nothing'" in done.stderr


def test_reports_are_not_written_where_a_link_that_was_handed_in_leads(run, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "reports").symlink_to("elsewhere")
    done = run("double.py", "-q")
    assert done.returncode == 2
    assert "reports is a link: name the folder that is meant with --reports" in done.stderr
    assert not list((tmp_path / "elsewhere").iterdir())
    assert run("double.py", "-q", "--reports", "reports").returncode == 0


def test_where_walls_are_missing_a_batch_or_ci_refuses(run, monkeypatch):
    nowhere = [sys.executable, "-c", "import os; del os.fork; from grader.cli.grade import grade; grade()"]
    alone = run("double.py", "-q", program=nowhere)
    assert (alone.returncode, alone.stdout) == (0, "double.py: double: 100/100\n")
    assert (
        "Warning: the sandbox lacks: privileges, parent, descriptors, memory, limits, files, system calls (needs fork"
        in alone.stderr
    )
    for done in (run("double.py", "-q", program=nowhere, CI="true"), run("double.py", "double.py", program=nowhere)):
        assert (done.returncode, done.stdout) == (2, "")
        assert "--allow-unsandboxed" in done.stderr
    allowed = run("double.py", "-q", "--allow-unsandboxed", program=nowhere, CI="true")
    assert (allowed.returncode, allowed.stdout) == (0, "double.py: double: 100/100\n")


def test_doctor_shows_every_wall():
    done = subprocess.run([*GRADER, "doctor"], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0
    for name in ["privileges", "parent", "descriptors", "memory", "limits", "files", "system calls"]:
        assert f"✓ {name}" in done.stdout


def test_a_numpy_exercise_imports_no_torch():
    code = (
        "import sys; from pathlib import Path\n"
        "from grader.course.course import Course; from grader.grading.examiner import Examiner\n"
        "from grader.grading.settings import Settings\n"
        "from grader.sandbox.host import Hosts; from grader.submissions.submission import Submission\n"
        "from grader.report import html, terminal\n"
        "exercise = Course(Path('.')).exercise('softmax')\n"
        "with Hosts() as hosts:\n"
        "    source = exercise.reference.replace('axis=axis', 'axis=-1').encode()\n"
        "    submission = Submission('s', 'softmax', source)\n"
        "    result = Examiner(exercise).grade(submission, hosts.get(('numpy',)), Settings(0))\n"
        "html.render(result); terminal.summary(result)\n"
        "print(result.score, sorted({'torch', 'scipy', 'IPython', 'matplotlib'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    assert done.stdout.split()[1:] == ["[]"], done.stderr


def test_watching_grades_again_at_each_save(tiny_course, right, tmp_path):
    path = tmp_path / "double.py"
    path.write_text(right)
    command = [*GRADE, str(path), "--watch", "-q", "--course", str(tiny_course.root), "--reports", str(tmp_path / "r")]
    # Also where the tests themselves run in the background.
    listen = functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True, preexec_fn=listen)
    try:
        assert process.stdout.readline().endswith("double.py: double: 100/100\n")
        path.write_text(right.replace("x + x", "3 * x"))  # at once: it need not watch yet
        assert "40/100 (Tripled)" in process.stdout.readline()
        assert 'http-equiv="refresh"' in (tmp_path / "r" / "double.html").read_text()
        process.send_signal(signal.SIGINT)
        assert process.wait(300) == 1
    finally:
        process.kill()


def test_torch_has_one_thread_whatever_the_environment_says(tmp_path):
    code = "import grader.cli.grade, torch; print(torch.get_num_threads())"
    environment = os.environ | {"OMP_NUM_THREADS": "4", "MKL_NUM_THREADS": "4"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=300)
    assert done.stdout == "1\n", done.stderr
