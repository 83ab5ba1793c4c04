"""Tells what other threads of a worker compute during a call, where an exercise does not allow any: `threading.Thread`.

One that is begun is told as any forbidden call is; one that runs already shows in what the process has computed.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from grader.sandbox.protocol import journal

THREADS = "threading.Thread"
NOTICED = 1e-4  # seconds that another thread computes: to begin one takes longer
CAN_NOTICE = time.get_clock_info("thread_time").resolution <= NOTICED


class OtherThreads:
    """What other threads than this one compute from now on, if that is forbidden."""

    def __init__(self, forbidden: Sequence[str]) -> None:
        self.number = forbidden.index(THREADS) if THREADS in forbidden and CAN_NOTICE else None
        self.before = seconds_elsewhere()

    def tell(self) -> None:
        """Tells whether they computed since it was last told."""
        if self.number is not None and (now := seconds_elsewhere()) - self.before > NOTICED:
            self.before = now
            journal.tell(journal.used(self.number, THREADS))


def seconds_elsewhere() -> float:
    """What other threads of this process have computed so far."""
    here = time.thread_time()
    return time.process_time() - here
