"""The judges of one machine of a cluster, for the bundles of all its workers (grader.grading.cluster_worker).

One process prepares for a class as `grade` itself does where it runs, and is then forked into judges, which share all
that it has ready. It is kept over bundles and batches, has one thread, and ends when no worker is connected any more
or none has sent anything for a while; the judges, and their worker hosts, end with it, and soon after a batch.

Nothing that is found ready is trusted to fit: the first submission of each group is compared with what lies here, and
where the course or the grader was changed since, the server ends and another one begins.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import pickle
import socket
import time
import traceback
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import GraderError
from grader.grading.cluster_worker import locked
from grader.grading.executors import JUDGES_PER_CORE, cores
from grader.grading.fork_pool import begin, ignore_interrupts
from grader.grading.process import Group, Judge, Task, failed, grade_task, judge_of
from grader.sandbox.connection import how_it_ended
from grader.sandbox.host import Hosts
from grader.sandbox.worker.memory import kept

if TYPE_CHECKING:
    from grader.grading.cluster_worker import Channel

IDLE = 600.0  # seconds after which a server ends that nobody asks
JUDGES_IDLE = 5.0  # seconds after which judges end that have nothing to do
MAX_GROUPS = 100  # that are prepared; then another server begins, with its memory empty
FEW = 8  # submissions to a prepared exercise with inputs of their own: fewer are left to the judges
TRIES = 3  # for a submission over which a judge dies


@dataclass(eq=False)
class Asked:
    """A bundle that a worker waits for."""

    channel: Channel
    has_begun: bool = False
    is_gone: bool = False  # its worker


@dataclass(eq=False)
class Job:
    asked: Asked
    number: int  # in its bundle
    task: Task
    deaths: int = 0
    started: float = 0.0


@dataclass(eq=False)
class JudgeProcess:
    """A fork of the server that grades one submission after another."""

    process: multiprocessing.process.BaseProcess
    channel: Channel
    is_current: bool = True  # False: it lacks what was prepared since, and ends after its submission
    job: Job | None = None

    @staticmethod
    def of(judge: Judge) -> JudgeProcess:
        context = multiprocessing.get_context("fork")
        ours, theirs = context.Pipe()
        own = judge.hosts.split()
        process = context.Process(target=work, args=(theirs, own), daemon=True)
        process.start()
        theirs.close()
        own.__exit__(None, None, None)  # only the judge holds them now
        return JudgeProcess(process, ours)

    def end(self) -> None:
        self.channel.close()
        self.process.kill()
        self.process.join()


def work(channel: Channel, hosts: Hosts) -> None:
    begin(lambda: None, ())
    with suppress(EOFError):
        while True:
            task: Task = channel.recv()
            judge_of(task.course).hosts = hosts
            try:
                graded = grade_task(task)
            except Exception as error:
                graded = failed(task, f"{type(error).__name__}: {error}")
            channel.send_bytes(pickle.dumps(graded))


@dataclass
class JudgeServer:
    course: str
    listener: socket.socket
    workers: dict[Channel, int] = field(default_factory=dict)  # that are there, and their threads
    bundles: dict[Channel, Asked | None] = field(default_factory=dict)  # None: nothing was said yet
    jobs: deque[Job] = field(default_factory=deque)
    judges: list[JudgeProcess] = field(default_factory=list)
    groups: int = 0  # prepared
    is_over: bool = False

    def serve(self) -> None:
        """Until nobody is there any more, nothing was asked for long, or it is time for another server."""
        asked = time.monotonic()
        while not self.is_over:
            busy = [judge.channel for judge in self.judges if judge.job is not None]
            seconds = JUDGES_IDLE if self.judges else IDLE
            ready = wait([self.listener, *self.workers, *self.bundles, *busy], seconds)
            if ready or busy:
                asked = time.monotonic()
            elif time.monotonic() - asked > IDLE or self.groups > MAX_GROUPS:
                return
            else:
                self._end_judges(list(self.judges))
            for each in ready:
                self._attend(each)
            self._give()
            if not self.workers and not self.bundles:
                return

    def _attend(self, ready: object) -> None:
        if ready is self.listener:
            self.bundles[Connection(self.listener.accept()[0].detach())] = None
        elif (judge := next((judge for judge in self.judges if judge.channel is ready), None)) is not None:
            self._take(judge)
        elif isinstance(ready, Connection):
            self._listen(ready)

    def _listen(self, channel: Channel) -> None:
        """A worker says that it is there, or what it asks; or it is gone."""
        try:
            said = channel.recv()
        except (EOFError, OSError):
            self.workers.pop(channel, None)
            if (asked := self.bundles.pop(channel, None)) is not None:
                asked.is_gone = True
                self._end_judges([judge for judge in self.judges if judge.job is not None and judge.job.asked is asked])
            channel.close()
            return
        if isinstance(said, int):
            del self.bundles[channel]
            self.workers[channel] = said
            return
        groups, threads, tasks = said
        asked = self.bundles[channel] = Asked(channel)
        jobs = [Job(asked, number, pickle.loads(task)) for number, task in tasks.items()]
        try:
            self._prepare([job.task for job in jobs], pickle.loads(groups), threads)
        except GraderError as error:
            # Something was changed since this server read it, or it is wrong here: another one reads it anew.
            self.is_over = True
            if not self.groups:
                self._tell(asked, ("refused", str(error)))
        else:
            self.jobs += jobs

    def _prepare(self, tasks: list[Task], numbers: Mapping[Group, int], threads: int) -> None:
        """What the groups of a bundle have in common, as far as this machine's share of them is worth it."""
        judge = judge_of(self.course)
        for task in tasks:
            judge.agree(task)
        here = sum(self.workers.values())
        shares: dict[Group, int] = {}
        for group in dict.fromkeys(task.group for task in tasks):
            share = math.ceil(numbers.get(group, 1) * here / max(threads, here, 1))
            if not judge.has_plan(group) and (share >= FEW or not judge.knows(group.exercise)):
                shares[group] = share
        if shares:
            with kept():
                judge.prepare(shares, cores())
            self.groups += len(shares)
            for each in self.judges:
                each.is_current = False
            self._end_judges([each for each in self.judges if each.job is None])

    def _end_judges(self, judges: Sequence[JudgeProcess]) -> None:
        for judge in judges:
            self.judges.remove(judge)
            judge.end()

    def _give(self) -> None:
        """Gives what waits to judges, of which there are as many as the workers have threads for."""
        width = JUDGES_PER_CORE * max(1, sum(self.workers.values()))
        while self.jobs:
            if self.jobs[0].asked.is_gone:
                self.jobs.popleft()
                continue
            judge = next((judge for judge in self.judges if judge.job is None and judge.is_current), None)
            if judge is None:
                if len(self.judges) >= width:
                    return
                judge = JudgeProcess.of(judge_of(self.course))
                self.judges.append(judge)
            job = judge.job = self.jobs.popleft()
            job.started = time.perf_counter()
            if not job.asked.has_begun:
                job.asked.has_begun = True
                self._tell(job.asked, ("begun",))
            with suppress(OSError):  # it died: the next look at it finds out
                judge.channel.send(job.task)

    def _take(self, judge: JudgeProcess) -> None:
        """What a judge has graded; where it died, its submission is tried again, and others are not held up."""
        job = judge.job
        assert job is not None
        judge.job = None
        try:
            graded = judge.channel.recv_bytes()
        except (EOFError, OSError):
            self._end_judges([judge])
            job.deaths += 1
            if job.deaths < TRIES:
                self.jobs.append(job)
                return
            ended = how_it_ended(judge.process.exitcode)
            graded = pickle.dumps(failed(job.task, f"the process that graded it died {TRIES} times ({ended})"))
        if not judge.is_current and judge in self.judges:
            self._end_judges([judge])
        self._tell(job.asked, ("graded", job.number, time.perf_counter() - job.started), graded)

    def _tell(self, asked: Asked, said: object, graded: bytes | None = None) -> None:
        try:
            asked.channel.send(said)
            if graded is not None:
                asked.channel.send_bytes(graded)
        except OSError:
            asked.is_gone = True


def main(course: str, path: str, listener: str) -> None:
    """`listener`: the socket that listens at the path, by number."""
    ignore_interrupts()
    server = JudgeServer(course, socket.socket(fileno=int(listener)))
    try:
        server.serve()
    except Exception:
        traceback.print_exc()
    with locked(Path(path)):
        Path(path).unlink(missing_ok=True)
        server.listener.close()
    for judge in server.judges:
        judge.end()
    os._exit(0)
