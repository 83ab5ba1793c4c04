"""Limits of the worker's process: privileges, parent, descriptors, memory and limits, the first walls of confine.py.

Each wall is a function that builds it in the worker and one that lists the acts it must refuse. Both raise OSError.
Beside them the two ways to reach the kernel that Python has no functions for: `syscall` and `prctl`.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import os
import signal
import struct
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

Attempts = Iterator[tuple[str, Callable[[], object]]]  # what it would be, the act itself

MIB = 1 << 20
ADDRESSES_BEYOND_MEMORY = 256 * MIB  # thread stacks, libraries loaded late: reserved, hardly used
READ_ANY_FILE = 1 << 2  # CAP_DAC_READ_SEARCH, kept: root may run a Python that lies in somebody's private home
SET_PARENT_DEATH, GET_PARENT_DEATH, GET_DUMPABLE, SET_DUMPABLE, SET_NO_NEW_PRIVS, GET_NO_NEW_PRIVS = 1, 2, 3, 4, 38, 39
CLOSE_RANGE = 436


def look_up() -> None:
    """Finds what the walls call, once for all workers."""
    import resource  # noqa: F401

    for name in ("capget", "capset", "prctl", "syscall"):
        hasattr(libc(), name)


def drop_privileges() -> None:
    header = struct.pack("=Ii", 0x20080522, 0)  # _LINUX_CAPABILITY_VERSION_3, this process
    sets = bytearray(24)  # effective, permitted, inheritable: capabilities 0-31, then again for the rest
    view = _buffer(sets)
    _check(libc().capget(header, view))
    effective, permitted = struct.unpack_from("=II", sets)
    struct.pack_into("=6I", sets, 0, effective & READ_ANY_FILE, permitted & READ_ANY_FILE, 0, 0, 0, 0)
    _check(libc().capset(header, view))
    prctl(SET_NO_NEW_PRIVS, 1)
    prctl(SET_DUMPABLE, 0)


def try_privileges() -> Attempts:
    yield "becoming another user", lambda: os.setgroups([0])
    yield "gaining rights from a program", lambda: claim(prctl(GET_NO_NEW_PRIVS) == 1)
    yield "being read by a debugger", lambda: claim(prctl(GET_DUMPABLE) == 0)


def die_with(host: int) -> None:
    prctl(SET_PARENT_DEATH, signal.SIGKILL)
    if os.getppid() != host:  # it died before we asked
        os._exit(1)


def try_parent() -> Attempts:
    chosen = bytearray(4)
    prctl(GET_PARENT_DEATH, _buffer(chosen))
    yield "outliving the grader", lambda: claim(struct.unpack("=i", chosen) == (signal.SIGKILL,))


def close_descriptors(kept: set[int]) -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in {0, 1, 2} - kept:
        os.dup2(nothing, standard)
    first = 3
    for last in [*sorted(fd for fd in kept if fd > 2), 1 << 31]:
        if first < last:
            _close_range(first, last - 1)
        first = last + 1


def _close_range(first: int, last: int) -> None:
    try:
        syscall(CLOSE_RANGE, first, last, 0)
    except OSError:  # Linux before 5.9. Not os.closerange: a container's limit may be 10**9 descriptors
        for fd in [int(name) for name in os.listdir("/proc/self/fd")]:
            if first <= fd <= last:
                with contextlib.suppress(OSError):  # the listing's own
                    os.close(fd)


def try_descriptors(stray: int) -> Attempts:
    yield "using a descriptor of the grader", lambda: os.fstat(stray)
    yield "reading stdin", lambda: claim(os.read(0, 1) == b"")


def memory_in_use() -> tuple[int, int]:
    """Bytes of this process: all its addresses, and its private data among them."""
    import resource

    try:
        with open("/proc/self/statm", "rb", buffering=0) as file:
            pages = [int(word) for word in file.read().split()]
    except OSError as error:
        raise OSError(error.errno, "how much memory is in use cannot be read from /proc: mount it") from error
    page = resource.getpagesize()
    return pages[0] * page, pages[5] * page


def limit_memory(budget: int, used: tuple[int, int]) -> None:
    """`budget`: MiB beyond what its host uses."""
    import resource

    addresses, data = used
    # Data counts private memory only; a shared map takes addresses, which count all.
    _lower(resource.RLIMIT_DATA, data + budget * MIB)
    _lower(resource.RLIMIT_AS, addresses + budget * MIB + ADDRESSES_BEYOND_MEMORY)


def try_memory(budget: int) -> Attempts:
    import mmap

    beyond = budget * MIB + ADDRESSES_BEYOND_MEMORY // 2
    yield "taking too much memory", lambda: mmap.mmap(-1, beyond, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    yield "mapping too much shared memory", lambda: mmap.mmap(-1, beyond + ADDRESSES_BEYOND_MEMORY)


def limit(cpu: int, open_files: int) -> None:
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a write fails with EFBIG instead of killing
    _lower(resource.RLIMIT_CPU, cpu, cpu + 1)  # SIGXCPU, which the host can tell apart; SIGKILL if it is ignored
    _lower(resource.RLIMIT_FSIZE, 0)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_MEMLOCK, 0)
    _lower(resource.RLIMIT_NOFILE, open_files)
    # Not RLIMIT_NPROC: it counts every thread of the user on the machine, so it would refuse honest threads at random.


def try_limits() -> Attempts:
    import resource

    with_memfd = hasattr(os, "memfd_create")  # not in a Python built for an old C library
    file = os.memfd_create("probe") if with_memfd else os.open("/tmp", os.O_TMPFILE | os.O_WRONLY, 0o600)
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    yield "writing to a file", lambda: os.write(file, b"!")
    for name in ("CPU", "FSIZE", "AS", "DATA", "NOFILE"):
        which = getattr(resource, f"RLIMIT_{name}")
        now = resource.getrlimit(which)[1]
        yield f"raising its limit {name}", partial(resource.setrlimit, which, (now, now + 1))
    yield "opening many files", lambda: [os.dup(file) for _ in range(most + 1)]


def _lower(which: int, soft: int, hard: int | None = None) -> None:
    import resource

    highest = resource.getrlimit(which)[1]
    hard = soft if hard is None else hard
    if highest != resource.RLIM_INFINITY:
        soft, hard = min(soft, highest), min(hard, highest)
    resource.setrlimit(which, (soft, hard))


def claim(holds: bool) -> None:
    """For a wall that can only be asked, not run against: refuses where the answer is as it should be."""
    if holds:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))


def syscall(number: int, *arguments: Any) -> int:
    """A system call that Python has no function for. Raises OSError like the os module does."""
    import ctypes

    words = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
    return _check(libc().syscall(ctypes.c_long(number), *words))


def prctl(option: int, value: Any = 0) -> int:
    import ctypes

    return _check(libc().prctl(option, ctypes.c_ulong(value) if isinstance(value, int) else value, 0, 0, 0))


@functools.cache
def libc() -> Any:
    import ctypes

    return ctypes.CDLL(None, use_errno=True)


def _buffer(data: bytearray) -> Any:
    import ctypes

    return (ctypes.c_char * len(data)).from_buffer(data)


def _check(result: int) -> int:
    import ctypes

    if result == -1:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result
