"""The walls around one worker.

Theory of operation
===================

A student's code runs in a *worker*: a process forked for one submission by the *worker host*, which has NumPy and
PyTorch loaded but never held the hidden suite, the reference or a verdict. Before the student's first line is run the
worker builds walls around itself, all of them one-way: what a process has given up it cannot take back, nor can
anything it starts.

The order matters: each wall may need what a later one takes away. The first five are in process_limits.py.

    privileges      no rights of root, none to be gained by running another program, no debugger, no core dump
    parent          the kernel kills the worker when the host dies
    descriptors     every open file and pipe of the host is closed, but those named; stdin is empty
    memory          so many MiB more than the host has, then MemoryError
    limits          seconds of CPU, number of open files; files may not be written to, nor limits raised again
    files           Landlock: reads the interpreter, its libraries and the allowed packages; opens nothing else,
                    creates nothing; /proc, home, course and grader do not open          (landlock.py)
    system calls    seccomp: a list of calls that honest NumPy and PyTorch code needs; no other process, no program,
                    no socket, no signal to others, no chmod or rename                   (seccomp.py)

None needs root, a container or a user namespace; all work inside them. What the kernel, the container engine or the
operating system does not offer is *reported*, never an exception: each wall becomes a `Layer`, active or not, with
the reason and the cure. No wall is believed either. `probe` forks one throw-away child which builds them one by one
and after each attempts what that wall forbids (a later wall must not take the credit): only a refusal counts.

    host      confinement = prepare(readable_paths(sys.path, denied))      # once, after warm-up, before any fork
              layers = confinement.probe()
              confinement.apply_inherited()                                # the first wall: workers are born behind it
    worker    confinement.apply(limits, keep=descriptors)                  # right after fork; on an exception: os._exit

A wall that stood in the probe must stand in every worker: else `apply` raises, and no student's code may run.

Not confined: time (a worker may sleep, hang or stop itself; the host's deadline and SIGKILL are for that), and the
knowledge that a path exists (stat passes Landlock; a name is no secret).
"""

from __future__ import annotations

import contextlib
import errno
import os
import select
import signal
import sys
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial

from grader.result import Layer
from grader.sandbox.confinement import landlock, process_limits, seccomp
from grader.sandbox.confinement.landlock import JUDGES, Readable, readable_paths

__all__ = ["JUDGES", "Confinement", "Limits", "Readable", "prepare", "readable_paths"]

PROBE_SECONDS = 10.0
REFUSALS = {errno.EPERM, errno.EACCES, errno.ENOMEM, errno.EFBIG, errno.EBADF, errno.EMFILE}

STOPS = {
    "privileges": "using the rights of root, gaining rights from another program, being read by a debugger",
    "parent": "running on when the grader is gone",
    "descriptors": "reading or writing what the grader, or another submission, has open",
    "memory": "taking the machine's memory",
    "limits": "computing without end, filling the disk, opening files without number, raising its own limits",
    "files": "reading the tests, the solutions, the home folder or /proc; creating, changing or deleting files",
    "system calls": "starting programs or processes, using the network, sending signals, changing files' rights",
}


@dataclass(frozen=True)
class Limits:
    """What one worker may use. Files it may not write, and it leaves no core dump."""

    memory: int = 1024  # MiB more than the host has when it forks
    cpu: int = 120  # seconds: SIGXCPU, and SIGKILL a second later
    open_files: int = 64


DEFAULT = Limits()


@dataclass(frozen=True)
class Wall:
    name: str
    build: Callable[[], None]  # OSError where it cannot be built
    attempts: Callable[[], process_limits.Attempts]  # what must be refused behind it
    inherited: bool = False  # holds in what a process behind it forks, and lets the host do its work


def prepare(readable: Readable) -> Confinement:
    """Everything that costs time or can fail, done once in the host: after warm-up, before any fork. Never raises."""
    if not sys.platform.startswith("linux"):
        reason = f"needs Linux, this is {sys.platform}: run the grader in a Linux container (on Windows: WSL 2)"
        return Confinement(-1, None, (0, 0), dict.fromkeys(STOPS, reason))
    process_limits.look_up()
    missing: dict[str, str] = {}
    ruleset, allowed, used = -1, None, (0, 0)
    try:
        used = process_limits.memory_in_use()
    except OSError as error:
        missing["memory"] = _reason(error)
    try:
        ruleset = landlock.open_ruleset(readable)
    except OSError as error:
        missing["files"] = _reason(error)
    try:
        allowed = seccomp.assemble()
    except OSError as error:
        missing["system calls"] = _reason(error)
    return Confinement(ruleset, allowed, used, missing)


class Confinement:
    """The prepared walls. `missing`: wall → why it cannot be built on this machine; `probe` may add to it."""

    def __init__(
        self, ruleset: int, allowed: seccomp.Filter | None, used: tuple[int, int], missing: dict[str, str]
    ) -> None:
        self.ruleset = ruleset
        self.allowed = allowed
        self.missing = missing
        self.leaks: dict[str, str] = {}  # wall → what went through in the probe; it is built all the same
        self.used = used
        self.host = os.getpid()
        self.host_is_behind: set[str] = set()  # walls

    def apply(self, limits: Limits = DEFAULT, keep: Collection[int] = (1, 2)) -> None:
        """Confine this process for good. `keep`: descriptors that stay open; 0, 1 and 2 else become /dev/null.

        In a child that the process which called `prepare` forked itself, by its main thread. On an exception the
        child must exit: it is confined in part.
        """
        for wall in self._walls(limits, keep):
            if wall.name not in self.missing and wall.name not in self.host_is_behind:
                wall.build()

    def apply_inherited(self) -> None:
        """Builds, around this host, the walls that workers inherit, so that none of them need do it. After `probe`."""
        for wall in self._walls(DEFAULT, ()):
            if wall.inherited and wall.name not in self.missing:
                wall.build()
                self.host_is_behind.add(wall.name)

    def probe(self, limits: Limits = DEFAULT) -> list[Layer]:
        """Each wall put to the test in a throw-away child. Never raises; what could not be built is left out later."""
        if len(self.missing) < len(STOPS):
            self._probe(limits)
        problems = self.leaks | self.missing
        return [Layer(name, name not in problems, stops, problems.get(name, "")) for name, stops in STOPS.items()]

    def _walls(self, limits: Limits, keep: Collection[int], stray: int = -1) -> list[Wall]:
        kept = {*keep, self.ruleset}
        memory = limits.memory
        return [
            Wall("privileges", process_limits.drop_privileges, process_limits.try_privileges, inherited=True),
            Wall("parent", partial(process_limits.die_with, self.host), process_limits.try_parent),
            Wall(
                "descriptors",
                partial(process_limits.close_descriptors, kept),
                partial(process_limits.try_descriptors, stray),
            ),
            Wall(
                "memory",
                partial(process_limits.limit_memory, memory, self.used),
                partial(process_limits.try_memory, memory),
            ),
            Wall("limits", partial(process_limits.limit, limits.cpu, limits.open_files), process_limits.try_limits),
            Wall("files", self._restrict_files, landlock.attempts),
            Wall("system calls", self._restrict_calls, seccomp.attempts),
        ]

    def _restrict_files(self) -> None:
        landlock.restrict(self.ruleset)
        os.close(self.ruleset)

    def _restrict_calls(self) -> None:
        assert self.allowed is not None
        seccomp.install(self.allowed)

    def _probe(self, limits: Limits) -> None:
        try:
            receive, send = os.pipe()
            stray = os.dup(receive)
            child = os.fork()
        except OSError as error:
            self.missing |= dict.fromkeys(STOPS.keys() - self.missing, f"could not be tried: {error.strerror}")
            return
        if child == 0:
            with contextlib.suppress(BaseException):
                for wall in self._walls(limits, {send}, stray):
                    if wall.name not in self.missing:
                        os.write(send, "\t".join((wall.name, *_test(wall))).encode() + b"\n")
            os._exit(0)
        os.close(send)
        os.close(stray)
        told = [line.split("\t") for line in _read_all(receive, PROBE_SECONDS).decode().splitlines()]
        os.close(receive)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        early = f"could not be tried: the trial process ended early (exit status {status})"
        self.missing |= dict.fromkeys(STOPS.keys() - self.missing - {name for name, _, _ in told}, early)
        self.missing |= {name: failure for name, failure, _ in told if failure}
        self.leaks = {name: leak for name, _, leak in told if leak}


def _test(wall: Wall) -> tuple[str, str]:
    """Why the wall could not be built, and what went through it; "" for nothing."""
    try:
        wall.build()
    except Exception as error:
        return _reason(error), ""
    try:
        through = [act for act, attempt in wall.attempts() if not _refused(attempt)]
    except Exception as error:  # something honest was refused
        return "", f"stopped the trial process itself: {_reason(error)}"
    return "", f"did not stop the trial process from {', '.join(through)}" if through else ""


def _refused(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except OSError as error:
        return error.errno in REFUSALS
    except (MemoryError, ValueError):  # setrlimit turns EPERM into ValueError
        return True
    return False


def _reason(error: Exception) -> str:
    return " ".join((getattr(error, "strerror", None) or str(error) or type(error).__name__).split())


def _read_all(source: int, seconds: float) -> bytes:
    told, deadline = b"", time.monotonic() + seconds
    while select.select([source], [], [], max(0.0, deadline - time.monotonic()))[0]:
        if not (piece := os.read(source, 4096)):
            break
        told += piece
    return told
