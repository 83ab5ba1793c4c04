"""Where the tasks of a batch run: in processes of this machine, or on a Dask cluster (grader.grading.cluster). Both
take tasks and answer what came of them, so the batch does not know which it has.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from grader.grading.batch import run_tasks
from grader.grading.fork_pool import forked, ignore_interrupts
from grader.grading.process import Graded, Group, Task, judge_of
from grader.grading.settings import check_walls
from grader.result import Sandbox
from grader.sandbox.host import CAN_FORK, Host, Hosts
from grader.sandbox.worker.memory import kept

if TYPE_CHECKING:
    from grader.grading.cluster import DaskJudges

JUDGES_PER_CORE = 2  # one waits for its worker while the other judges; and a submission that hangs holds up only one


class LocalJudges:
    """Makes pools of processes on this machine; a pool that broke is followed by a fresh one."""

    def __init__(self, course: str, numbers: Mapping[Group, int], jobs: int) -> None:
        self.course = course
        self.width = jobs * JUDGES_PER_CORE
        self.fork = CAN_FORK
        if self.fork:
            with kept():
                judge_of(course).prepare(numbers, jobs)
        elif any(group.settings.must_confine for group in numbers):  # else each submission would tell the same
            check_walls(Host(("numpy",), fork=False))

    @property
    def sandbox(self) -> Sandbox:
        """The walls around the workers of the judges."""
        hosts = list(judge_of(self.course).hosts) if self.fork else [Host(("numpy",), fork=False)]
        return Sandbox.of(hosts[0].layers)

    def run(self, tasks: Iterator[Task]) -> Iterator[list[tuple[Task, Graded]]]:
        return run_tasks(tasks, self)

    def start(self) -> Executor:
        context = multiprocessing.get_context("fork" if self.fork else "spawn")
        if not self.fork:
            # What ends at once, as a command does, leaves its semaphores to Python's tracker, which need not say so.
            os.environ.setdefault("PYTHONWARNINGS", "ignore:resource_tracker:UserWarning")
            return ProcessPoolExecutor(self.width, context, initializer=ignore_interrupts)
        sets = [judge_of(self.course).hosts.split() for _ in range(self.width)]
        numbers = context.SimpleQueue()
        for number in range(self.width):
            numbers.put(number)
        pool = forked(self.width, enter, self.course, sets, numbers)
        for hosts in sets:
            hosts.__exit__(None, None, None)  # only the judges hold them now
        return pool

    def close(self) -> None:
        if self.fork:
            judge_of(self.course).hosts.__exit__(None, None, None)


def enter(course: str, sets: Sequence[Hosts], numbers: Any) -> None:
    """Makes a forked process a judge, with hosts of its own."""
    judge_of(course).hosts = sets[numbers.get()]


@contextmanager
def judges(
    course: str, numbers: Mapping[Group, int], *, jobs: int, scheduler: str | None
) -> Iterator[LocalJudges | DaskJudges]:
    """Where a batch runs. `numbers`: how many submissions there are of each group, in the order in which they come."""
    if scheduler:
        from grader.grading.cluster import DaskJudges

        made: LocalJudges | DaskJudges = DaskJudges(scheduler, numbers)
    else:
        made = LocalJudges(course, numbers, jobs)
    try:
        yield made
    finally:
        made.close()


def cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
