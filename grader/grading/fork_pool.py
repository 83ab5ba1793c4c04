"""A pool of processes forked from this one, which share all that it has ready."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from grader.threads import use_one_thread

PR_SET_PDEATHSIG = 1


def forked(width: int, enter: Callable[..., None], *shared: Any) -> ProcessPoolExecutor:
    """A pool of processes that have called `enter(*shared)`. They end with this process, and leave Ctrl-C to it.

    What is shared is inherited, not copied. All of them are forked now, while this process has no threads yet; torch
    and NumPy have none either, by grader.cli.options.
    """
    context = multiprocessing.get_context("fork")
    pool = ProcessPoolExecutor(width, context, initializer=begin, initargs=(enter, shared))
    pool.submit(os.getpid).result()
    return pool


def begin(enter: Callable[..., None], shared: tuple[Any, ...]) -> None:
    ignore_interrupts()
    use_one_thread()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    enter(*shared)


def ignore_interrupts() -> None:
    """Ctrl-C is for the process that holds the gradebook: it ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
