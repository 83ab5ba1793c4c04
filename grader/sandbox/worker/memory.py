"""Memory of a fork server: what its forks share, and what keeps it shared (copy-on-write pages stay unwritten).

The garbage collector leaves alone what is imported (`kept`), the type cache is emptied (`forget_lookups`), holes in the
heap are filled so that new objects lie on few pages (`settle`), and libraries' fork hooks do not run
(`forget_fork_hooks`).
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from grader.compat import clear_type_cache

LARGEST_HOLE = 1024  # bytes; larger ones are filled with pieces of this size
LARGE = 2 << 20  # bytes
M_MMAP_THRESHOLD, M_TRIM_THRESHOLD = -3, -1  # of mallopt
IN_A_ROW = 20  # pieces, one behind the other, by which we know that there is no hole left for their size


@contextmanager
def uncollected() -> Iterator[None]:
    """The garbage collector rests: it would find nothing, and takes a tenth of the time that torch is imported in."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@contextmanager
def kept() -> Iterator[None]:
    """Whatever is there at the end is never looked at by the garbage collector: for a process that is ours alone.

    To look at an object is to write to it: every forked process would get a copy of the memory that it could share.
    """
    with uncollected():
        try:
            yield
        finally:
            gc.freeze()


def forget_fork_hooks() -> None:
    """What is imported from now on has nothing done in forked processes.

    Libraries ask for it to renew the locks of other threads. A process that has one thread only does not need it, and
    it takes as long as a submission: torch makes itself a pool of threads, and every handler of a log is visited.
    """
    if hasattr(os, "register_at_fork"):
        os.register_at_fork = lambda **hooks: None


def forget_lookups() -> None:
    """Empties Python's type cache, which holds what was looked up in classes. A new entry writes to the reference count
    of the name that it replaces, wherever that lies: after an import of torch, all over the memory."""
    clear_type_cache(sys)


def settle() -> None:
    """What is new from now on lies together: the free pieces of memory between those in use are taken up for good.

    A forked process copies a page for every hole that it puts something into. For Python's objects that means one with
    PYTHONMALLOC=malloc. What stays should be `kept` by then: collecting the rest, which also empties Python's free
    lists, is quick where there is little of it. Elsewhere than on Linux with the GNU C library nothing is done.
    """
    import ctypes

    from grader.sandbox.confinement import process_limits

    libc = process_limits.libc()
    if not sys.platform.startswith("linux") or not hasattr(libc, "gnu_get_libc_version"):
        return
    gc.collect()
    libc.malloc.restype, libc.malloc.argtypes = ctypes.c_size_t, [ctypes.c_size_t]
    for size in range(LARGEST_HOLE, 0, -16):
        last = in_a_row = 0
        while in_a_row < IN_A_ROW and (place := libc.malloc(size)):
            in_a_row = in_a_row + 1 if 0 < place - last <= size + 32 else 0
            last = place


def give_back() -> None:
    """Large pieces of memory go back to the system as soon as they are free, from now on.

    The GNU C library would keep as much at hand as the largest piece so far, for good, wherever others lie behind it.
    """
    import ctypes

    libc = ctypes.CDLL(None) if sys.platform.startswith("linux") else None
    if libc is not None and hasattr(libc, "gnu_get_libc_version"):
        libc.mallopt(M_MMAP_THRESHOLD, LARGE)
        libc.mallopt(M_TRIM_THRESHOLD, 2 * LARGE)
