"""The same batch on a real Dask cluster: a scheduler and three worker processes, one of which is killed on the way."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from grader.gradebook.store import FILE_NAME, Gradebook
from grader.grading.cluster import DaskJudges, ExecutorError

GRADE = [sys.executable, "-c", "from grader.cli.grade import grade; grade()"]
COUNT = 60


@pytest.fixture
def cluster():
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=3, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as running:
        yield running


def committed(reports):
    if not (reports / FILE_NAME).exists():
        return 0
    with Gradebook(reports / FILE_NAME) as book:
        return sum(1 for _ in book.grades())


def processes_of(course):
    """Processes of this machine that were started for a course."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if str(course.root).encode() in path.read_bytes():
                found.append(path.parent.name)
    return found


def test_a_worker_lost_in_the_middle_costs_no_result(cluster, tiny_course, right, wait_for, tmp_path):
    for number in range(COUNT):
        path = tmp_path / "class" / f"s{number:02}" / "double.py"
        path.parent.mkdir(parents=True)
        path.write_text(f"import time\n{right if number % 2 else 'def double(x): return 3 * x'}\ntime.sleep(0.1)\n")
    command = [*GRADE, "class", "--course", str(tiny_course.root), "--scheduler", cluster.scheduler_address]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    reports = tmp_path / "reports"
    while committed(reports) < 8 and process.poll() is None:
        time.sleep(0.05)
    before = committed(reports)
    victim = next(iter(cluster.workers.values())).pid
    os.kill(victim, signal.SIGKILL)
    told, errors = process.communicate(timeout=300)
    assert before < COUNT
    assert process.returncode == 1, told + errors
    with Gradebook.existing(reports) as book:
        scores = [grade.score for grade in book.grades()]
    assert scores == [100.0 if number % 2 else 0.0 for number in range(COUNT)]
    assert processes_of(tiny_course)  # kept for the next batch
    cluster.close()
    wait_for(lambda: not processes_of(tiny_course))


def test_a_scheduler_that_does_not_answer_is_one_line():
    pytest.importorskip("distributed")
    with pytest.raises(ExecutorError, match="No Dask scheduler answers at"):
        DaskJudges("tcp://127.0.0.1:1", {}, timeout=1)
