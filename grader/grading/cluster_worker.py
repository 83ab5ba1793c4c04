"""What a Dask worker does with a bundle of submissions: it hands them to the judges of its machine and waits.

The worker itself grades nothing. Its process has threads, so it can neither be forked nor be let alone with one
exercise's memory. A judge server does (grader.grading.judge_server), a process that is started when the first bundle
comes and is shared by all workers of the machine that belong together: what a class has in common is made ready once,
with all their cores, and lies in memory once. Workers that come later find it by a socket in a folder that only this
user can open.

This module imports neither NumPy nor a suite: what it passes on stays as it was packed.
"""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from grader.errors import GraderError
from grader.sandbox.host import CAN_FORK, why_no_walls
from grader.threads import ENVIRONMENT
from grader.user_folders import is_own

PACKAGE_ROOT = str(Path(__file__).parents[2])
BOOT = "import sys; sys.path.append(sys.argv[1]); from grader.grading.judge_server import main; main(*sys.argv[2:])"
TRIES = 3  # for a bundle whose judge server ends
BACKLOG = 512  # workers that ask at the same time

if TYPE_CHECKING:
    Channel = Connection[Any, Any]


class Refused(GraderError):
    """A worker cannot grade these. `reason` says why; `worker` is its address."""

    def __init__(self, reason: str, worker: str = "") -> None:
        super().__init__(reason, worker)
        self.reason, self.worker = reason, worker


class Bundle(NamedTuple):
    """Submissions that travel together, as the client packed them."""

    course: str  # folder
    groups: bytes  # how many submissions of each group the whole batch has
    patience: float  # seconds without a result after which the rest is not waited for
    tasks: tuple[bytes, ...]


class Done(NamedTuple):
    """What comes back of a bundle, in the order of its tasks."""

    seconds: float  # of judges, all together
    graded: tuple[bytes | None, ...]  # None: left over, as one that takes long held up the others


def grade_bundle(bundle: Bundle, threads: int) -> Done | Refused:
    """Runs on a worker. `threads`: of the whole cluster. A refusal is an answer: what is raised, Dask tries again.

    Raises ConnectionError where the judge server ends again and again.
    """
    from distributed import get_worker

    worker = get_worker()
    if not CAN_FORK:
        return Refused(f"a worker of a cluster {why_no_walls()}", worker.address)
    found: dict[int, bytes] = {}
    seconds = 0.0
    try:
        for left in reversed(range(TRIES)):
            try:
                hold(bundle.course, worker.state.nthreads)
                with connect(bundle.course) as channel:
                    waiting = {number: task for number, task in enumerate(bundle.tasks) if number not in found}
                    channel.send((bundle.groups, threads, waiting))
                    for number, took, graded in answers(channel, len(waiting), bundle.patience, worker):
                        found[number] = graded
                        seconds += took
                return Done(seconds, tuple(map(found.get, range(len(bundle.tasks)))))
            except (EOFError, OSError) as error:
                if not left:
                    raise ConnectionError(f"the judges of {worker.address} end again and again: {error!r}") from error
    except Refused as refusal:
        return Refused(refusal.reason, worker.address)
    finally:
        aside.discard(threading.get_ident())
    raise AssertionError


def answers(channel: Channel, count: int, patience: float, worker: Any) -> Iterator[tuple[int, float, bytes]]:
    """What the judge server tells of a bundle, until all of it is there.

    Where one submission takes long, the others are not held up: what is graded is sent back, and the rest is to come
    again, each alone. One alone is waited for, beside the next bundle.
    """
    has_begun, is_alone = False, count == 1
    while count:
        if has_begun and not channel.poll(patience):
            if not is_alone:
                return
            step_aside(worker)
        kind, *rest = channel.recv()
        if kind == "refused":
            raise Refused(rest[0])
        has_begun = True
        if kind == "graded":
            count -= 1
            number, took = rest
            yield number, took, channel.recv_bytes()


aside: set[int] = set()  # threads of this process


def step_aside(worker: Any) -> None:
    """Lets a worker begin another bundle while this thread waits for a submission that takes long. Judges are twice as
    many as threads; so this is done by no more than those."""
    from distributed import secede

    if threading.get_ident() not in aside and len(aside) < worker.state.nthreads:
        aside.add(threading.get_ident())
        secede()  # type: ignore[no-untyped-call]


held: dict[str, Channel] = {}
holding = threading.Lock()


def hold(course: str, threads: int) -> None:
    """Tells the judge server that this worker is there, for as long as it is. It ends when nobody is any more."""
    with holding:
        if course in held and not held[course].poll():  # it never says anything: what can be read is its end
            return
        held[course] = connect(course)
        held[course].send(threads)


def connect(course: str) -> Channel:
    """A connection to the judge server for a course, which is started where there is none."""
    path = socket_path(course)
    with suppress(FileNotFoundError, ConnectionRefusedError):
        return connected(path)
    with locked(path):
        with suppress(FileNotFoundError, ConnectionRefusedError):  # somebody else was first
            return connected(path)
        path.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(path))
            listener.listen(BACKLOG)
            command = [sys.executable, "-P", "-c", BOOT, PACKAGE_ROOT, course, str(path), str(listener.fileno())]
            process = subprocess.Popen(
                command,
                pass_fds=[listener.fileno()],
                stdin=subprocess.DEVNULL,
                env=os.environ | ENVIRONMENT,
                start_new_session=True,
            )
        threading.Thread(target=process.wait, daemon=True).start()  # no zombie is left of it
        return connected(path)


def connected(path: Path) -> Channel:
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(path))
        return Connection(client.detach())


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Whoever makes or removes a socket is alone."""
    import fcntl

    with open(path.with_name("lock"), "wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def socket_path(course: str) -> Path:
    """Where the judge server of this machine listens; one for all workers with the same grader, Python, cores and
    bounds of memory: those of another job on the same machine have one of their own."""
    bounds = ""
    with suppress(OSError):
        bounds = Path("/proc/self/cgroup").read_text(encoding="utf-8")
    same = (course, PACKAGE_ROOT, sys.executable, sorted(os.sched_getaffinity(0)), bounds)
    return folder_of_judges() / hashlib.sha256(repr(same).encode()).hexdigest()[:16]


def folder_of_judges() -> Path:
    """Where only this user finds and makes anything. Raises Refused where somebody else made it."""
    folder = Path(tempfile.gettempdir()) / f"grader-judges-{os.geteuid()}"
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    if not is_own(str(folder)):
        raise Refused(f"{folder} is not this user's alone: remove it")
    return folder
