"""`grade` as a process of its own: typed results, what was said, and an end whatever it does."""

import signal
import subprocess
import sys
import time

import pytest

from grader.integrations import grade_process
from grader.integrations.grade_process import GRADE


@pytest.fixture
def program(tmp_path):
    """A program in the place of `grade`, that is handed the same arguments."""

    def make(code):
        return (sys.executable, "-c", f"import sys; target = sys.argv[sys.argv.index('--json') + 1]\n{code}")

    return make


def test_results_come_back_as_records_and_reports_lie_in_the_folder(tiny_course, right, tmp_path):
    (tmp_path / "double.py").write_text(right.replace("x + x", "x * 3"))
    options = ["--course", str(tiny_course.root), "--seed", "5", "--allow-unsandboxed"]
    ended = grade_process.grade(["double.py"], tmp_path, options)
    (result,) = ended.results
    assert (ended.status, result.score, result.seed, result.submission) == (1, 40.0, 5, "double.py")
    assert [mistake.id for mistake in result.mistakes] == ["tripled"]
    assert "Tripled" in ended.stdout
    assert (tmp_path / grade_process.REPORTS / "double.html").exists()


def test_a_file_that_is_not_taken_leaves_no_result_and_a_line(tiny_course, tmp_path):
    ended = grade_process.grade(["--help.py"], tmp_path, ["--course", str(tiny_course.root)])
    assert (ended.status, ended.results) == (2, ())
    assert ended.stderr.startswith("Error: ")


def test_files_beside_it_are_not_taken_for_libraries(tiny_course, right, tmp_path):
    for name in ("json.py", "click.py"):
        (tmp_path / name).write_text("raise SystemExit(7)")
    (tmp_path / "double.py").write_text(right)
    options = ["--course", str(tiny_course.root), "--allow-unsandboxed"]
    assert grade_process.grade(["double.py"], tmp_path, options).status == 0


@pytest.mark.parametrize(
    ("code", "status", "said"),
    [
        ("print('half', file=sys.stderr); sys.exit(3)", 3, "half\n"),
        ("import os; os.kill(os.getpid(), 9)", -9, ""),
        ("open(target, 'w').write('{')", 0, "Error: This is no document of results"),
        ("open(target, 'w').write('{\"version\": 2}')", 0, "Error: These results are of format 2"),
    ],
)
def test_where_there_are_no_results_it_says_why(program, tmp_path, code, status, said):
    ended = grade_process.grade([], tmp_path, program=program(code))
    assert (ended.status, ended.results) == (status, None)
    assert ended.stderr.startswith(said)
    assert ended.stderr.count("\n") <= 1


def test_it_is_stopped_when_its_time_is_up(program, tmp_path):
    start = time.monotonic()
    hang = program("import time; print('begun', flush=True); time.sleep(600)")
    ended = grade_process.grade([], tmp_path, seconds=2.0, program=hang)
    assert (ended.status, ended.results, ended.stdout) == (None, None, "begun\n")
    assert time.monotonic() - start < 60


def test_an_interruption_ends_it(program, tmp_path, monkeypatch):
    wait, ended = subprocess.Popen.wait, []

    def interrupted(process, timeout=None):
        monkeypatch.setattr(subprocess.Popen, "wait", wait)
        ended.append(process)
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess.Popen, "wait", interrupted)
    with pytest.raises(KeyboardInterrupt):
        grade_process.grade([], tmp_path, program=program("import time; time.sleep(600)"))
    assert ended[0].returncode == -signal.SIGKILL


def test_what_is_given_to_its_environment_comes_beside_what_is_there(program, tmp_path, monkeypatch):
    monkeypatch.setenv("HERE", "a")
    told = program("import os; print(os.environ['HERE'], os.environ['THERE'])")
    assert grade_process.grade([], tmp_path, environment={"THERE": "b"}, program=told).stdout == "a b\n"


def test_this_very_grader_is_started_wherever_the_process_works(tmp_path):
    code = GRADE[-1].replace("main()", "import grader; print(grader.__file__)")
    ended = grade_process.grade([], tmp_path, program=(*GRADE[:-1], code))
    assert ended.stdout == f"{grade_process.PACKAGE / '__init__.py'}\n"
