"""What travels to a cluster, and what the judges of one machine answer. tests/grading/test_dask.py has a real one."""

import hashlib
import json
import pickle
import sys
from types import SimpleNamespace

import pytest

from grader.gradebook.store import Key
from grader.grading import cluster_worker
from grader.grading.cluster import BUNDLE_SECONDS, FIRST_SECONDS, MAX_BUNDLE, Load
from grader.grading.process import Group, Task
from grader.grading.provenance import circumstances
from grader.grading.settings import Settings
from grader.submissions.submission import Submission

THREADS = 4


def sizes(count, seconds):
    """Of the bundles that a class is sent in, when each submission takes so long."""
    load = Load(count)
    while load.left:
        size = min(load.size(THREADS), load.left)
        load.left -= size
        load.learn(seconds)
        yield size


@pytest.mark.parametrize("seconds", [0.0, 0.005, 0.05, 2.0])
def test_bundles_hold_some_tenths_of_a_second_and_less_at_the_end(seconds):
    found = list(sizes(1000, seconds))
    assert sum(found) == 1000
    assert found[0] == int(BUNDLE_SECONDS / FIRST_SECONDS)
    assert max(found[20:]) <= max(1, min(MAX_BUNDLE, BUNDLE_SECONDS / max(seconds, 1e-4)))
    assert found[-1] == 1
    assert sum(found[-2 * THREADS :]) <= 2 * max(found)


def test_one_submission_that_hangs_does_not_make_all_bundles_single():
    load = Load(10_000)
    for _ in range(10):
        load.learn(0.01)
    load.learn(100.0)
    assert load.size(THREADS) >= 5


@pytest.fixture
def judges(tmp_path, monkeypatch):
    """Socket and lock in a folder of the test's own."""
    monkeypatch.setattr(cluster_worker.tempfile, "gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr(cluster_worker, "held", {})
    yield
    for channel in cluster_worker.held.values():
        channel.close()


def task_of(course, source, digest=None):
    exercise, settings = course.exercise("double"), Settings(5)
    key = Key(
        student="ann",
        exercise="double",
        source_digest=hashlib.sha256(source.encode()).hexdigest(),
        suite_digest=digest or exercise.digest,
        seed=5,
        limits="",
        circumstances=circumstances(exercise, False),
    )
    return Task(Submission("double.py", "double", source.encode()), key, settings, str(course.root), "ann.html")


def graded(course, tasks):
    cluster_worker.hold(str(course.root), 1)
    with cluster_worker.connect(str(course.root)) as channel:
        groups = {Group("double", Settings(5)): len(tasks)}
        channel.send((pickle.dumps(groups), 1, {number: pickle.dumps(task) for number, task in enumerate(tasks)}))
        found = cluster_worker.answers(channel, len(tasks), 60.0, None)
        return [pickle.loads(each) for _, _, each in sorted(found)]


def test_judges_grade_what_they_agree_on_and_say_what_is_otherwise(judges, tiny_course, right):
    wrong = "def double(x):\n    return 3 * x\n"
    first = graded(tiny_course, [task_of(tiny_course, f"{right}\n# {number}") for number in range(5)])
    assert [each.score for each in first] == [100.0] * 5
    path = cluster_worker.socket_path(str(tiny_course.root))
    assert path.is_socket()
    (other,) = graded(tiny_course, [task_of(tiny_course, wrong)])
    assert [mistake["id"] for mistake in json.loads(other.document)["mistakes"]] == ["tripled"]
    # The first server that has prepared something gives way to another, which reads the course anew, and says it.
    with pytest.raises((EOFError, OSError)):
        graded(tiny_course, [task_of(tiny_course, right, digest="another")])
    with pytest.raises(cluster_worker.Refused, match="is another here than where the batch was started"):
        graded(tiny_course, [task_of(tiny_course, right, digest="another")])


def test_a_folder_that_somebody_else_could_write_to_is_not_used(judges):
    folder = cluster_worker.folder_of_judges()
    assert cluster_worker.folder_of_judges() == folder
    folder.chmod(0o777)
    with pytest.raises(cluster_worker.Refused, match="remove it"):
        cluster_worker.folder_of_judges()


def test_a_worker_elsewhere_than_on_linux_says_so_in_a_line(monkeypatch):
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr(distributed, "get_worker", lambda: SimpleNamespace(address="tcp://mac:1"))
    monkeypatch.setattr(cluster_worker, "CAN_FORK", False)
    monkeypatch.setattr(sys, "platform", "darwin")
    refused = cluster_worker.grade_bundle(cluster_worker.Bundle("/course", b"", 1.0, (b"",)), 1)
    assert refused.worker == "tcp://mac:1"
    assert refused.reason == ("a worker of a cluster needs Linux, this is macOS: run the grader in a Linux container")


def test_a_refusal_crosses_processes():
    told = cluster_worker.Refused("NumPy is another", "tcp://a:1")
    assert vars(pickle.loads(pickle.dumps(told))) == vars(told)
