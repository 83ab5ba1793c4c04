"""Which system calls a worker may make: a seccomp filter, assembled here as BPF instructions.

The filter is a list of what honest NumPy and PyTorch code needs; all else fails with "Operation not permitted", so that
a student's code gets a plain PermissionError. Some calls are allowed only with harmless arguments: a filter sees
numbers, never what a pointer points to. A new thread is allowed, a new process is not.

A kernel structure of our own reading (linux/seccomp.h): at 0 the call's number, at 4 the architecture, from 16 on six
64-bit arguments, low half first on both machines known here.
"""

from __future__ import annotations

import errno
import os
import platform
import struct
import threading
import time
from functools import partial
from typing import Any, NamedTuple

from grader.sandbox.confinement.process_limits import Attempts, syscall
from grader.sandbox.protocol.journal import TELL

# name → (number on x86-64, number on aarch64); None: aarch64 has no such call. From the kernel's unistd headers.
# The first of the list are the cheapest: the filter compares in this order. musl still uses open, stat and lstat.
ALLOWED = {
    "futex": (202, 98), "read": (0, 63), "write": (1, 64), "newfstatat": (262, 79),
    "lseek": (8, 62), "munmap": (11, 215), "mprotect": (10, 226), "mremap": (25, 216),
    "brk": (12, 214), "getdents64": (217, 61), "fstat": (5, 80), "stat": (4, None),
    "lstat": (6, None), "statx": (332, 291), "access": (21, None), "faccessat": (269, 48),
    "faccessat2": (439, 439), "readlink": (89, None), "readlinkat": (267, 78), "getcwd": (79, 17), "readv": (19, 65),
    "writev": (20, 66), "pread64": (17, 67), "dup": (32, 23),
    "pipe2": (293, 59), "poll": (7, None), "ppoll": (271, 73), "select": (23, None), "pselect6": (270, 72),
    "set_robust_list": (273, 99), "rseq": (334, 293), "exit": (60, 93), "exit_group": (231, 94), "gettid": (186, 178),
    "sched_yield": (24, 124), "sched_getaffinity": (204, 123), "getcpu": (309, 168), "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139), "sigaltstack": (131, 132), "restart_syscall": (219, 128),
    "setitimer": (38, 103), "alarm": (37, None), "nanosleep": (35, 101), "gettimeofday": (96, 169), "time": (201, None),
    "times": (100, 153), "getrusage": (98, 165), "getrlimit": (97, 163), "getpid": (39, 172), "getppid": (110, 173),
    "getuid": (102, 174), "geteuid": (107, 175), "getgid": (104, 176), "getegid": (108, 177), "uname": (63, 160),
    "sysinfo": (99, 179), "getrandom": (318, 278),
}  # fmt: skip
JUDGED = {
    "close": (3, 57), "dup2": (33, None), "dup3": (292, 24),
    "openat": (257, 56), "open": (2, None), "mmap": (9, 222), "ioctl": (16, 29), "fcntl": (72, 25),
    "clone": (56, 220), "clone3": (435, 435), "tgkill": (234, 131), "prlimit64": (302, 261), "prctl": (157, 167),
    "madvise": (28, 233), "clock_gettime": (228, 113), "clock_getres": (229, 114), "clock_nanosleep": (230, 115),
}  # fmt: skip
# What `probe` tries. Called with nonsense (-1 throughout), where it is allowed each fails, but not with EPERM.
FORBIDDEN = {
    "execve": (59, 221), "socket": (41, 198), "ptrace": (101, 117), "process_vm_readv": (310, 270),
    "kill": (62, 129), "tkill": (200, 130), "pidfd_open": (434, 434), "memfd_create": (319, 279),
    "unshare": (272, 97), "fchmodat": (268, 53), "utimensat": (280, 88), "renameat2": (316, 276),
    "linkat": (265, 37), "symlinkat": (266, 36), "unlinkat": (263, 35), "mkdirat": (258, 34),
}  # fmt: skip

SECCOMP = (317, 277)  # the number of the call seccomp on each
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column of the tables, AUDIT_ARCH of the kernel

KILL, ALLOW, REFUSE = 0x80000000, 0x7FFF0000, 0x00050000  # SECCOMP_RET_KILL_PROCESS, _ALLOW, _ERRNO
LOAD, AND, EQUAL, ANY_BIT, AT_LEAST, RETURN = 0x20, 0x54, 0x15, 0x45, 0x35, 0x06  # BPF operations, all on 32-bit words

# Terminal queries (isatty), bytes waiting, close-on-exec. Not FIONBIO, FIOASYNC, TIOCSTI: they reach further.
IOCTLS = (0x5401, 0x802C542A, 0x5413, 0x541B, 0x5451, 0x5450)
# F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC. Not F_SETFL, which others who hold the pipe would feel, nor
# F_SETOWN and F_SETSIG, which send signals.
FCNTLS = (0, 1, 2, 3, 1030)
CLOCKS = 16  # above which they are of processes and threads, others' too (in 32 bits: the numbers are negative)
ADVICE = 20  # from which it reaches others: MADV_COLD and MADV_PAGEOUT of a library's pages are felt by all who use it
PRCTLS = (15, 16)  # PR_SET_NAME, PR_GET_NAME
THREAD = 0x00010000  # CLONE_THREAD
THREAD_FLAGS = 0x007D0F00  # what glibc and musl pass to start a thread
MAP_STACK, SMALLEST_STACK = 0x00020000, 1 << 20  # else 36 KiB a thread, and one worker takes every thread id there is
TRUNCATE, READ_OR_WRITE, WRITE, READ_AND_WRITE = 0o1000, 3, 1, 2  # O_TRUNC, O_ACCMODE, O_WRONLY, O_RDWR

Instruction = tuple[int, int, int, int]  # operation, steps to skip if true, if false, operand


class Filter(NamedTuple):
    instructions: Any  # ctypes array, 8 bytes each
    pid_at: tuple[int, ...]  # the instructions that compare with the worker's process id
    program: Any  # struct sock_fprog, which points at the instructions
    number: int  # of the call that installs it


def assemble(machine: str = "") -> Filter:
    """The filter for this machine; OSError with the reason where we know no numbers."""
    import ctypes

    machine = machine or platform.machine()
    if machine not in MACHINES or struct.calcsize("P") != 8:
        known = " and ".join(MACHINES)
        raise OSError(errno.ENOSYS, f"no list of system calls for {machine}: use a 64-bit Python on {known}")
    column, architecture = MACHINES[machine]
    pid = -1  # written over in the worker, which alone knows its process id
    refuse, own = REFUSE | errno.EPERM, (EQUAL, 0, 1, pid)
    program: list[Instruction] = [(LOAD, 0, 0, 4), (EQUAL, 1, 0, architecture), (RETURN, 0, 0, KILL), (LOAD, 0, 0, 0)]
    for numbers in ALLOWED.values():
        if (number := numbers[column]) is not None:  # the x32 twin of a call has a number of its own: refused
            program += [(EQUAL, 0, 1, number), (RETURN, 0, 0, ALLOW)]
    rules: dict[str, list[Instruction]] = {
        # The socket for what is told stays what it is: it is nobody's to close or to put something else in its place.
        "close": _any_but(0, TELL),
        "dup2": _any_but(1, TELL),
        "dup3": _any_but(1, TELL),
        "openat": _open(2),
        "open": _open(1),
        # No thread stacks of less than 1 MiB: with the memory limit that bounds the number of threads.
        "mmap": [
            (LOAD, 0, 0, _low(3)), (ANY_BIT, 0, 4, MAP_STACK),
            (LOAD, 0, 0, _high(1)), (AT_LEAST, 2, 0, 1),
            (LOAD, 0, 0, _low(1)), (AT_LEAST, 0, 1, SMALLEST_STACK), (RETURN, 0, 0, ALLOW),
        ],
        "ioctl": _one_of(1, IOCTLS),
        "fcntl": _one_of(1, FCNTLS),
        "prctl": _one_of(0, PRCTLS),
        "madvise": _less_than(2, ADVICE),
        "clock_gettime": _less_than(0, CLOCKS),
        "clock_getres": _less_than(0, CLOCKS),
        "clock_nanosleep": _less_than(0, CLOCKS),
        "clone": [
            (LOAD, 0, 0, _high(0)), (EQUAL, 0, 4, 0),
            (LOAD, 0, 0, _low(0)), (ANY_BIT, 2, 0, 0xFFFFFFFF & ~THREAD_FLAGS),
            (ANY_BIT, 0, 1, THREAD), (RETURN, 0, 0, ALLOW),
        ],
        # Its flags hide behind a pointer. "No such call" makes the C library fall back to clone.
        "clone3": [(RETURN, 0, 0, REFUSE | errno.ENOSYS)],
        "tgkill": [(LOAD, 0, 0, _low(0)), own, (RETURN, 0, 0, ALLOW)],
        # Read one's own limits (no new ones: the third argument is NULL), for oneself.
        "prlimit64": [
            (LOAD, 0, 0, _low(2)), (EQUAL, 0, 6, 0), (LOAD, 0, 0, _high(2)), (EQUAL, 0, 4, 0),
            (LOAD, 0, 0, _low(0)), (EQUAL, 1, 0, 0), own, (RETURN, 0, 0, ALLOW),
        ],
    }  # fmt: skip
    for name, rule in rules.items():
        if (number := JUDGED[name][column]) is not None:
            program += [(EQUAL, 0, len(rule) + 1, number), *rule, (RETURN, 0, 0, refuse)]
    program.append((RETURN, 0, 0, refuse))
    packed = b"".join(struct.pack("<HBBI", *step[:3], step[3] & 0xFFFFFFFF) for step in program)
    array = (ctypes.c_char * len(packed)).from_buffer_copy(packed)
    # A 16-bit count, padding, a pointer.
    described = ctypes.create_string_buffer(struct.pack("HP", len(program), ctypes.addressof(array)))
    return Filter(array, tuple(at for at, step in enumerate(program) if step == own), described, SECCOMP[column])


def install(filter: Filter) -> None:
    """From here on only those calls, for this thread and all it starts. There is no way back; needs no_new_privs."""
    for at in filter.pid_at:
        struct.pack_into("<I", filter.instructions, at * 8 + 4, os.getpid())
    # SECCOMP_SET_MODE_FILTER with SPEC_ALLOW: a worker holds no secrets, so it need not pay for slower branches.
    for flags in (1 << 2, 0):  # gVisor does not know the flag
        try:
            syscall(filter.number, 1, flags, filter.program)
            return
        except OSError as error:
            code = error.errno
    raise OSError(code, f"no seccomp filters here ({os.strerror(code or 0)}): use a kernel with CONFIG_SECCOMP_FILTER")


def attempts() -> Attempts:
    """What the throw-away child tries behind this wall."""
    import resource

    column = MACHINES[platform.machine()][0]
    yield "forking", _fork
    yield "signalling the grader", lambda: os.kill(os.getppid(), 0)
    yield "reading another's clock", lambda: time.clock_gettime(~os.getppid() << 3 | 2)
    yield "changing its limits", lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for name, numbers in FORBIDDEN.items():
        yield f"calling {name}", partial(syscall, numbers[column], -1, -1, -1, -1, -1)
    thread = threading.Thread(target=os.getpid)
    thread.start()  # must still work: else the probe says so
    thread.join()


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def _open(flags: int) -> list[Instruction]:
    """Opening for reading with O_TRUNC empties a file: Landlock notices from ABI 3 on, Linux 6.2."""
    return [
        (LOAD, 0, 0, _low(flags)), (ANY_BIT, 0, 3, TRUNCATE),
        (AND, 0, 0, READ_OR_WRITE), (EQUAL, 1, 0, WRITE), (EQUAL, 0, 1, READ_AND_WRITE), (RETURN, 0, 0, ALLOW),
    ]  # fmt: skip


def _one_of(argument: int, values: tuple[int, ...]) -> list[Instruction]:
    compared = [step for value in values for step in ((EQUAL, 0, 1, value), (RETURN, 0, 0, ALLOW))]
    return [(LOAD, 0, 0, _low(argument)), *compared]


def _any_but(argument: int, value: int) -> list[Instruction]:
    return [(LOAD, 0, 0, _low(argument)), (EQUAL, 1, 0, value), (RETURN, 0, 0, ALLOW)]


def _less_than(argument: int, value: int) -> list[Instruction]:
    return [(LOAD, 0, 0, _low(argument)), (AT_LEAST, 1, 0, value), (RETURN, 0, 0, ALLOW)]


def _low(argument: int) -> int:
    return 16 + 8 * argument


def _high(argument: int) -> int:
    return _low(argument) + 4
