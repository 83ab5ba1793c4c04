"""A batch on the workers of an existing Dask cluster, the client's side: what travels to which worker, and what is done
where one is lost, refuses or is slow.

Submissions travel in bundles of about as much work as pays for the way, and of less at the end, so that all workers
end together. Few are under way at a time: what one worker has not begun, another can take. Results come from the
workers themselves, bundle by bundle, and are let go of at once; the scheduler holds none.
"""

from __future__ import annotations

import pickle
import queue
import socket
import sys
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from grader.errors import GraderError
from grader.grading.cluster_worker import Bundle, Done, Refused, grade_bundle
from grader.grading.process import Graded, Group, Task, failed
from grader.result import Sandbox

JUDGES_PER_THREAD = 2  # see grader.grading.executors
BUNDLE_SECONDS = 0.5  # of work in a bundle: the way of one costs about 10 ms
FIRST_SECONDS = 0.05  # that a submission is thought to take, until some are graded
SHORTEST = 1e-4  # seconds
MAX_BUNDLE, MAX_BYTES = 100, 1 << 20  # submissions; of what they are packed into
PATIENCE, TIMES = 2.0, 50  # seconds at least, and times what one takes, without a result of a bundle: one of it hangs
AT_ONCE = 2  # bundles for each thread: one that is worked on, one that waits there
LOOK = 2.0  # seconds after which is looked which workers there are
DESERTED = 60.0  # seconds without a worker after which the batch ends
RETRIES = 3  # by Dask, of a bundle whose worker's judges end again and again
REACH = 2.0  # seconds to reach a worker in; else results come by the scheduler


class ExecutorError(GraderError):
    """The batch cannot run where it was told to. The message says what to do."""


@dataclass
class Load:
    """How many submissions travel together."""

    left: int  # that are not sent yet
    seconds: float = FIRST_SECONDS  # of a thread, a submission

    def size(self, threads: int) -> int:
        """Of the next bundle: BUNDLE_SECONDS of work, or what is left spread over all that can be under way."""
        share = self.left * self.seconds / (AT_ONCE * max(threads, 1))
        return min(max(int(min(BUNDLE_SECONDS, share) / self.seconds), 1), MAX_BUNDLE)

    def learn(self, seconds: float) -> None:
        """What a submission of one bundle took. One that hung makes the next ones smaller, but not all single ones."""
        self.seconds = max((self.seconds + min(seconds, 4 * self.seconds)) / 2, SHORTEST)


class DaskJudges:
    """The workers of a cluster. Each needs this package and the course, in the same folder.

    `numbers`: how many submissions there are of each group.
    """

    sandbox = Sandbox()  # theirs is known when they come to it

    def __init__(self, address: str, numbers: Mapping[Group, int], timeout: float = 10.0) -> None:
        try:
            from distributed import Client
        except ImportError:
            raise ExecutorError("--scheduler needs Dask: pip install 'dl-grader[dask]'.") from None
        self.address = address
        try:
            self._client: Any = Client(address, timeout=timeout, set_as_default=False)  # type: ignore[no-untyped-call]
        except (OSError, ValueError) as error:
            raise ExecutorError(f"No Dask scheduler answers at {address}: {error}") from None
        self._numbers = numbers
        self._load = Load(sum(numbers.values()))
        self._refused: dict[str, str] = {}  # workers → why
        self._workers: dict[str, int] = {}  # those that may be asked → threads
        self._looked = self._seen = time.monotonic()
        self._look()
        if not self._workers:
            raise ExecutorError(f"The Dask scheduler at {address} has no workers: start some with `dask worker`.")
        self._direct = is_reachable(next(iter(self._workers)))

    def run(self, tasks: Iterator[Task]) -> Iterator[list[tuple[Task, Graded]]]:
        """Grades all of them, and answers them as they are done, those of a bundle together.

        Raises ExecutorError where the scheduler or all workers are gone, or none can grade these.
        """
        flying: dict[Any, list[Task]] = {}
        landed: queue.SimpleQueue[Any] = queue.SimpleQueue()
        again: deque[list[Task]] = deque()
        try:
            while True:
                while len(flying) < AT_ONCE * self.threads:
                    bundle = again.popleft() if again else self._fill(tasks)
                    if not bundle:
                        break
                    future = self._send(bundle)
                    flying[future] = bundle
                    future.add_done_callback(landed.put)
                if not flying and not again:
                    return
                with suppress(queue.Empty):
                    future = landed.get(timeout=LOOK)
                    if done := self._take(future, flying.pop(future), again):
                        yield done
                if time.monotonic() - self._looked > LOOK:
                    self._look()
        finally:
            with suppress(Exception):
                self._client.cancel(list(flying))

    @property
    def threads(self) -> int:
        return sum(self._workers.values())

    def _look(self) -> None:
        """Which workers there are now. They come and go."""
        try:
            found: dict[str, int] = self._client.nthreads()
        except (OSError, ValueError):  # the futures tell
            return
        self._looked = time.monotonic()
        self._workers = {address: threads for address, threads in found.items() if address not in self._refused}
        if self._workers:
            self._seen = self._looked
        elif found:
            reasons = dict.fromkeys(self._refused.values())
            self._refused.clear()
            raise ExecutorError(
                f"No worker of {self.address} can grade these: {'; '.join(reasons)}. Put the same course and grader "
                "there, and start its workers anew."
            )
        elif self._looked - self._seen > DESERTED:
            raise ExecutorError(
                f"The Dask scheduler at {self.address} has had no workers for {DESERTED:.0f} s. What was graded is "
                "kept: start some, and the same command goes on from there."
            )

    def _fill(self, tasks: Iterator[Task]) -> list[Task]:
        """The next submissions to travel together."""
        most = self._load.size(self.threads)
        bundle: list[Task] = []
        room = MAX_BYTES
        while len(bundle) < most and room > 0 and (task := next(tasks, None)) is not None:
            bundle.append(task)
            room -= len(task.submission.source)
        self._load.left = max(self._load.left - len(bundle), 0)
        return bundle

    def _send(self, bundle: list[Task]) -> Any:
        groups = {task.group: self._numbers.get(task.group, 1) for task in bundle}
        patience = max(PATIENCE, TIMES * self._load.seconds)
        packed = Bundle(bundle[0].course, pickle.dumps(groups), patience, tuple(map(pickle.dumps, bundle)))
        where = list(self._workers) if self._refused else None
        return self._client.submit(grade_bundle, packed, self.threads, pure=False, retries=RETRIES, workers=where)

    def _take(self, future: Any, bundle: list[Task], again: deque[list[Task]]) -> list[tuple[Task, Graded]]:
        """What came of a bundle. One that brought its workers down is tried one by one: which of them was it?"""
        from distributed import KilledWorker

        if future.cancelled():
            raise ExecutorError(
                f"The Dask scheduler at {self.address} is gone. What was graded is kept: the same command goes on."
            )
        try:
            done: Done | Refused = self._client.gather(future, direct=self._direct)
        except ImportError as error:
            raise ExecutorError(
                f"A worker of {self.address} lacks something: {error}. Each needs the same dl-grader as is here, with "
                "what it needs: pip install 'dl-grader[dask]'."
            ) from None
        except Exception as error:
            if len(bundle) > 1:
                again.extend([task] for task in bundle)
                return []
            reason = f"{type(error).__name__}: {error}"
            if isinstance(error, KilledWorker):
                reason = "the workers that graded it were lost, one after the other"
            return [(bundle[0], failed(bundle[0], reason))]
        future.release()
        if isinstance(done, Refused):
            again.append(bundle)
            self._refused[done.worker] = done.reason
            self._look()
            return []
        pairs = list(zip(bundle, done.graded, strict=True))
        again.extend([task] for task, graded in pairs if graded is None)
        if count := sum(graded is not None for graded in done.graded):
            self._load.learn(done.seconds / JUDGES_PER_THREAD / count)
        return [(task, pickle.loads(graded)) for task, graded in pairs if graded is not None]

    def close(self) -> None:
        self._client.close()
        for worker, reason in self._refused.items():
            print(f"The worker {worker} graded nothing: {reason}", file=sys.stderr)


def is_reachable(address: str) -> bool:
    """Whether this machine reaches a worker itself, and not only the scheduler does."""
    from distributed.comm.addressing import get_address_host_port

    try:
        with socket.create_connection(get_address_host_port(address), REACH):
            return True
    except (OSError, ValueError):
        return False
