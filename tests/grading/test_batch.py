"""A class at once: everything is graded exactly once, whatever happens on the way."""

import concurrent.futures
import json
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
import time
from concurrent.futures.process import BrokenProcessPool

import pytest

from grader.cli import gradebook_trust
from grader.gradebook.roster import person
from grader.gradebook.store import FILE_NAME, Gradebook
from grader.grading.batch import run_tasks
from grader.grading.process import Graded

GRADE = [sys.executable, "-c", "from grader.cli.grade import grade; grade()"]
WRONG = "def double(x):\n    return 3 * x\n"
HANGS = "def double(x):\n    while True:\n        pass\n"
DIES = "import os\n\ndef double(x):\n    os._exit(3)\n"


@pytest.fixture
def folder(tmp_path):
    """Hands in texts, one folder a student."""

    def make(**texts):
        for student, text in texts.items():
            path = tmp_path / "class" / student / "double.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text))
        return tmp_path / "class"

    return make


@pytest.fixture
def run(tiny_course, tmp_path):
    """Runs `grade` on a folder with the tiny course."""

    def start(*arguments, **options):
        command = [*GRADE, *map(str, arguments), "--course", str(tiny_course.root), "--seed", "5"]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300, **options)

    return start


def scores(reports):
    with Gradebook.existing(reports) as book:
        return {grade.student: grade.score for grade in book.grades()}


def test_a_folder_is_graded_into_a_gradebook_an_overview_and_a_report_each(folder, run, right, tmp_path):
    done = run(folder(ann=right, bob=WRONG, cal="not python", dan=DIES), "--json", "all.json")
    assert done.returncode == 1, done.stderr
    assert "One folder a student: 4 students, 1 exercise" in done.stdout
    assert "4 graded in" in done.stdout
    assert scores(tmp_path / "reports") == {"ann": 100.0, "bob": 0.0, "cal": 0.0, "dan": 0.0}
    with Gradebook.existing(tmp_path / "reports") as book:
        grades = {grade.student: grade for grade in book.grades()}
    assert all((tmp_path / "reports" / grade.report).is_file() for grade in grades.values())
    assert [mistake.id for mistake in grades["bob"].result.mistakes] == ["tripled"]
    assert grades["bob"].report in (tmp_path / "reports" / "index.html").read_text()
    results = json.loads((tmp_path / "all.json").read_text())["results"]
    assert [result["student"] for result in results] == ["ann", "bob", "cal", "dan"]


def test_what_is_unchanged_is_not_graded_again(folder, run, right, tiny_course, tmp_path):
    reports = tmp_path / "reports"
    run(folder(ann=right, bob=WRONG))
    again = run(folder(ann=right, bob=WRONG))
    assert "0 graded" in again.stdout
    assert "2 unchanged" in again.stdout
    assert again.returncode == 1
    # Nothing is started where there is nothing to do.
    unreachable = run(folder(ann=right, bob=WRONG), "--scheduler", "tcp://127.0.0.1:9")
    assert ("0 graded" in unreachable.stdout, unreachable.returncode) == (True, 1)
    assert "1 graded" in run(folder(bob=right)).stdout
    assert scores(reports) == {"ann": 100.0, "bob": 100.0}
    (reports / next(reports.glob("double/ann-*")).relative_to(reports)).unlink()
    assert "1 graded" in run(folder()).stdout  # its report is made again
    suite = tiny_course.root / "solutions/double/test_double.py"
    suite.write_text(suite.read_text() + "\n# changed\n")
    assert "2 graded" in run(folder()).stdout
    assert "2 graded" in run(folder(), "--fresh").stdout


def test_files_that_cannot_be_graded_are_named_and_stop_nothing(folder, run, right, tmp_path):
    root = folder(ann=right, bob=right)
    (root / "bob" / "double.py").write_text("")
    (root / "cal").mkdir()
    os.mkfifo(root / "cal" / "double.py")
    done = run(root)
    assert done.stderr.splitlines()[0] == "Handed in, not graded:"
    assert [line.split(",")[0] for line in done.stderr.splitlines()[1:3]] == ["  bob", "  cal"]
    assert scores(tmp_path / "reports") == {"ann": 100.0}


def test_a_folder_without_submissions_is_one_line(run, tmp_path):
    (tmp_path / "empty").mkdir()
    done = run("empty")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


def test_a_submission_that_hangs_holds_up_nobody(folder, run, right, tmp_path):
    texts = {f"s{number:02}": f"{right}\n# {number}\n" for number in range(12)}
    done = run(folder(a_hangs=HANGS, **texts), "-j", "1", "--timeout", "2")
    assert done.returncode == 1
    with Gradebook.existing(tmp_path / "reports") as book:
        order = sorted(book.grades(), key=lambda grade: grade.graded_at)
    assert order[-1].student == "a_hangs"
    assert "took longer than 2 s" in repr(order[-1].result)
    assert "took longer than 1 s" in repr(order[-1].result)  # the second time it is not waited for as long


def test_a_run_that_is_killed_is_taken_up_where_it_stopped(folder, run, right, tiny_course, tmp_path):
    count = 60
    root = folder(**{f"s{number:02}": f"{(right, WRONG, DIES)[number % 3]}\n# {number}\n" for number in range(count)})
    reports = tmp_path / "reports"
    command = [*GRADE, str(root), "--course", str(tiny_course.root), "--seed", "5", "-j", "1"]
    kept = 0
    for _ in range(3):
        process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        before = kept
        while process.poll() is None and kept < before + 5:
            time.sleep(0.01)
            kept = rows(reports)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert kept >= 15
    done = run(root)
    assert rows(reports) == count
    assert "unchanged since" in done.stdout
    assert scores(reports) == {f"s{number:02}": (100.0, 0.0, 0.0)[number % 3] for number in range(count)}


def rows(reports):
    if not (reports / FILE_NAME).exists():
        return 0
    try:
        connection = sqlite3.connect(reports / FILE_NAME)
        return connection.execute("SELECT COUNT(*) FROM results").fetchone()[0]
    except sqlite3.OperationalError:  # not made yet
        return 0


def test_an_interrupt_keeps_what_is_done_and_leaves_nothing_running(folder, right, tiny_course, wait_for, tmp_path):
    root = folder(**{f"s{number:03}": f"{right}\n# {number}\n" for number in range(300)})
    command = [*GRADE, str(root), "--course", str(tiny_course.root)]
    process = subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        preexec_fn=listen_to_interrupts,
    )  # fmt: skip
    while rows(tmp_path / "reports") < 5:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    _, told = process.communicate(timeout=300)
    assert process.returncode == 130
    assert "the same command goes on" in told
    assert told.count("\n") == 1
    wait_for(lambda: not in_session(process.pid))


def listen_to_interrupts():
    """Also where the tests themselves run in the background, to which shells send none."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def in_session(leader):
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat") as file:
                fields = file.read().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == leader and fields[0] != "Z":
            found.append(pid)
    return found


def test_a_class_is_graded_where_fork_is_missing(folder, right, tiny_course, tmp_path):
    """In every process of ours, as on Windows; it is refused at once where nobody allowed it without walls."""
    root = folder(ann=right, bob=WRONG)
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text("import os\ndel os.fork\n")
    program = [sys.executable, "-c", "from grader.cli.grade import grade; grade()"]
    command = [*program, str(root), "--course", str(tiny_course.root), "-j", "1"]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site")}

    def run(*options):
        return subprocess.run(
            [*command, *options], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300
        )

    refused = run()
    assert refused.returncode == 2
    assert refused.stderr.count("needs fork, which is missing here") == 1
    done = run("--allow-unsandboxed")
    assert done.returncode == 1, done.stderr
    assert done.stderr.count("needs fork, which is missing here") == 1
    assert "Warning: " not in done.stderr.replace("Warning: the sandbox", "")
    assert scores(tmp_path / "reports") == {"ann": 100.0, "bob": 0.0}


class Pools:
    """Judges of which one dies whenever it meets a given task, and takes all that is in flight with it."""

    width = 2

    def __init__(self, poison):
        self.poison, self.started = poison, 0

    def start(self):
        self.started += 1
        return Pool(self.poison)


class Pool:
    def __init__(self, poison):
        self.poison, self.flying, self.broken = poison, [], False

    def submit(self, function, task):
        future = concurrent.futures.Future()
        self.flying.append(future)
        if task.submission.student == self.poison:
            for lost in self.flying:
                if not lost.done():
                    lost.set_exception(BrokenProcessPool())
        elif len(self.flying) % 2:
            future.set_result(task.submission.student)
        else:  # stays in flight for a while
            threading.Timer(0.01, finish, (future, task.submission.student)).start()
        return future

    def shutdown(self, wait=True, cancel_futures=False):
        pass


def finish(future, value):
    if not future.done():
        future.set_result(value)


def test_a_judge_that_dies_costs_only_the_submission_that_kills_it(make_task):
    judges = Pools(poison="s4")
    together = run_tasks((make_task(f"s{n}") for n in range(9)), judges)
    done = {task.submission.student: result for done in together for task, result in done}
    bad = done.pop("s4")
    assert isinstance(bad, Graded)
    assert (bad.status, bad.score) == ("error", None)
    assert "died" in bad.document
    assert done == {f"s{n}": f"s{n}" for n in range(9) if n != 4}


@pytest.fixture
def make_task(tiny_course):
    from grader.gradebook.store import Key
    from grader.grading.process import Task
    from grader.grading.settings import Settings
    from grader.submissions.submission import Submission

    def make(student):
        key = Key(student, "double", "source", tiny_course.exercise("double").digest, 5, "limits", "{}")
        submission = Submission("double.py", "double", b"", student)
        return Task(submission, key, Settings(5), str(tiny_course.root), f"{student}.html")

    return make


def test_a_run_tells_who_is_not_graded_which_file_counts_and_who_is_missing(folder, run, right, tmp_path):
    root = folder(ann=right, bob=WRONG, cal=right)
    (root / "cal/double.py").rename(root / "cal/double.py.txt")
    (root / "bob/old").mkdir()
    (root / "bob/old/double.py").write_text(right)
    with Gradebook(tmp_path / "reports" / FILE_NAME) as book:
        book.set_roster([person(name, [("login", name)]) for name in ("ann", "cal", "dan")])
    gradebook_trust.remember(book.path)
    done = run(root)
    assert done.returncode == 1
    assert done.stderr.splitlines()[:2] == [
        "Handed in, not graded:",
        "  cal, double: double.py.txt: not named as Python: if it is, rename it to double.py",
    ]
    for line in [
        "class: One folder a student: 3 students, 1 exercise, 1 with nothing that can be graded",
        "  double.py counts for double, not old/double.py (bob)",
        "Nothing handed in: 1 of the 3 on the roster: dan",
        "Not on the roster: bob",
    ]:
        assert line in done.stdout.replace(f"{tmp_path}/", "").splitlines()
    assert "1 handed in and not graded" in done.stdout
    (root / "cal/double.py.txt").rename(root / "cal/double.py")
    again = run(root / "cal" / "double.py")
    assert "1 graded in" in again.stdout
    assert scores(tmp_path / "reports") == {"ann": 100.0, "bob": 0.0, "cal": 100.0}
