"""The untrusted side: the process in which a student's code runs.

Started by exec with an empty environment, never by forking the trusted process, so it has never held a suite, a
reference or a verdict. `host_main` imports the libraries once, warms them up and then forks one worker a
submission; where fork is missing, `spawned_main` serves a single submission.

A worker reads frames and answers each with one frame:

    opening  [source, filename, cells, names, setup, memory, left out]
                                                     →  [0, "ready"] or [0, "broken", message], before any
                                                        line of the student's is run, then
                                                        [1, "loading", line, 0] before each statement at the
                                                        top level that may take long, then
                                                        [1, "loaded", problems, lines, printed]
    call     (see grader.sandbox.protocol.calls)              →  [n, "returned", value, inputs, printed]
                                                     or [n, "raised", kinds, message, line, printed]

`left out` are the lines of statements that are not run, as a worker was stopped in each; None for the first worker of
a submission, which tells of no statements where none seems to take long. `inputs` are the arguments where the call
modified any. `printed` are the bytes that were printed since the last answer. n counts the frames, so an answer that
was forged ahead of its question is noticed. Calls may be sent ahead of the answers: they are answered in order. Which
forbidden functions are called on the way is told through a socket of its own (see grader.sandbox.protocol.journal).
Imports the standard library, NumPy, torch, msgpack and its neighbours in this package; nothing else of the grader.
"""

from __future__ import annotations

import contextlib
import functools
import io
import itertools
import json
import os
import socket
import sys
import time
from collections.abc import Callable, Sequence
from types import CodeType
from typing import Any

from grader.sandbox.confinement import allowed_imports, confine
from grader.sandbox.protocol import calls, codec
from grader.sandbox.protocol.frames import END, ENDED, FORK, FORKED, HEADER, REQUEST, SPLIT, frame
from grader.sandbox.protocol.journal import MAX_REMARKS, TELL, remark, tell
from grader.sandbox.protocol.setup import Setup
from grader.sandbox.protocol.state import as_begun, restore_warnings
from grader.sandbox.worker.code_pages import code_on_huge_pages
from grader.sandbox.worker.forbidden_calls import Shortcuts, names_so_far
from grader.sandbox.worker.inspection import look_over, worth_a_look
from grader.sandbox.worker.loading import Steps, load
from grader.sandbox.worker.memory import forget_lookups, kept, settle
from grader.sandbox.worker.other_threads import OtherThreads
from grader.sandbox.worker.warmup import warm_up

READ_AT_ONCE = 1 << 16
GENERATORS = "random"  # how every module with global generators is called
FORK_SECONDS = 30.0  # that it may take until there is room for another process


class Prints(io.FileIO):
    """Standard output, counting its bytes, so that each can be told to belong to one call."""

    count = 0

    def write(self, data: Any) -> int:
        written = super().write(data)
        self.count += written
        return written


class Channel:
    """Whole frames over a pair of file descriptors."""

    def __init__(self, reading: int, writing: int) -> None:
        self.reading, self.writing = reading, writing
        self._buffer = bytearray()

    def receive(self) -> bytes | None:
        """The next frame; None at the end of the stream."""
        header = self._read(HEADER.size)
        return None if header is None else self._read(HEADER.unpack(header)[0])

    def _read(self, size: int) -> bytes | None:
        while len(self._buffer) < size:
            chunk = os.read(self.reading, max(READ_AT_ONCE, size - len(self._buffer)))
            if not chunk:
                return None
            self._buffer += chunk
        data = bytes(self._buffer[:size])
        del self._buffer[:size]
        return data

    def send(self, body: bytes) -> None:
        view = memoryview(frame(body))
        while view:
            view = view[os.write(self.writing, view) :]


class Equipment:
    """A setup made ready, and the calls that are known to come. It takes as long as some submissions do, so a host that
    was split for an exercise has done it for all its workers."""

    def __init__(self, encoded: bytes, known: Sequence[bytes] = ()) -> None:
        setup, self.encoded = Setup.decode(encoded), encoded
        self.setup = setup
        self.known = {call: calls.Decoded(call) for call in known}
        if setup.is_trusted:
            _ = self.probes
        self.forbidden = setup.forbidden
        self.draws = GENERATORS in setup.probes
        Shortcuts(setup.forbidden)
        worth_a_look(setup.forbidden)
        self.raw = Prints(1, "w", closefd=False)
        self.prints = io.TextIOWrapper(self.raw, "utf-8", errors="backslashreplace")

    @functools.cached_property
    def probes(self) -> dict[str, Callable[..., Any]]:
        """Those that are not trusted are first asked for in the worker, behind its walls."""
        return calls.probe_functions(self.setup.probes)

    def look(self, code: CodeType) -> None:
        """Tells what a submission names that an instructor may want to look at."""
        for line, name in itertools.islice(look_over(code, self.forbidden), MAX_REMARKS):
            tell(remark(line, name))


def serve(channel: Channel, confinement: confine.Confinement | None, equipment: Equipment | None = None) -> None:
    """Loads one submission and answers calls until the channel closes."""
    body = channel.receive()
    if body is None:
        return
    source, filename, cells, names, setup, memory, left_out = codec.decode(body)
    try:
        if equipment is None or equipment.encoded != setup:
            equipment = Equipment(setup)
        raw, prints = equipment.raw, equipment.prints
        sys.stdout = sys.stderr = prints
        if confinement is not None:
            confinement.apply(confine.Limits(memory=memory), keep={1, 2, TELL, channel.reading, channel.writing})
        _ = equipment.probes
    except Exception as error:  # before the student's first line: the grader's own fault
        channel.send(codec.encode([0, "broken", f"{type(error).__name__}: {error}"]))
        return
    channel.send(codec.encode([0, "ready"]))
    count = 1
    steps = Steps(
        lambda line: channel.send(codec.encode([1, "loading", line, 0])),
        left_out=frozenset(left_out or ()),
        one_by_one=left_out is not None,
    )
    module, problems, lines = load(source, filename, cells, names, equipment.look, steps)

    def answer(*fields: Any) -> None:
        nonlocal count
        with contextlib.suppress(Exception):  # the student may have closed it
            prints.flush()
        printed, raw.count = raw.count, 0
        try:
            body = codec.encode([count, *fields, printed])
        except (codec.WireError, MemoryError, RecursionError) as error:
            too_large = codec.Opaque(f"an answer that is too large ({error})")
            body = codec.encode([count, "returned", too_large, None, printed])
        channel.send(body)
        count += 1

    answer("loaded", problems, lines)
    draws = equipment.draws or GENERATORS.encode() in source
    threads = OtherThreads(equipment.forbidden)
    while (call := channel.receive()) is not None:
        restore_warnings()
        with as_begun(draws=draws):
            decoded = equipment.known.pop(call, None) or calls.Decoded(call)
            outcome = calls.run(call, decoded, module, equipment.probes, filename)
            threads.tell()
            if isinstance(outcome, calls.Returned):
                answer("returned", outcome.value, outcome.inputs)
            else:
                answer("raised", list(outcome.kinds), outcome.message, outcome.line)


def prepare_process(settings: dict[str, Any]) -> frozenset[str]:
    """Makes this process fit for a student's code: libraries only, and nothing that tells of the machine. Answers the
    packages that may be imported."""
    sys.path[:] = settings["path"]
    sys.argv[:] = [""]
    os.chdir("/")
    warm_up(settings["libraries"])
    for name in confine.JUDGES:  # `import pytest` must be a plain ImportError, and no other error
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]
    packages = allowed_imports.needed(settings["libraries"])
    allowed_imports.restrict(packages)
    return packages


def host_main() -> None:
    """Serves requests on the control socket until it closes."""
    settings = json.loads(sys.argv[1])
    control = socket.socket(fileno=settings["control"])
    with kept():
        packages = prepare_process(settings)
        forget_lookups()
        names_so_far()
    settle()
    if settings["many"]:
        code_on_huge_pages()
    confinement = None
    if settings["confine"]:
        confinement = confine.prepare(confine.readable_paths(settings["path"], packages=packages))
    layers: list[dict[str, Any]] = []
    if confinement is not None:
        layers = [vars(layer) for layer in confinement.probe()]
        confinement.apply_inherited()
    control.sendall(frame(json.dumps(layers).encode()))
    equipment: Equipment | None = None
    equipped = b""  # with what
    seconds: list[int] = []  # hosts that were forked from this one
    while True:
        request, descriptors, _, _ = socket.recv_fds(control, REQUEST.size, 3)
        if len(request) < REQUEST.size:
            os._exit(0)  # the trusted process has gone; a normal exit would spend half a second on torch
        letter, number = REQUEST.unpack(request)
        if letter == FORK:
            control.sendall(FORKED.pack(fork_worker(control, descriptors, confinement, equipment)))
        elif letter == END:
            control.sendall(ENDED.pack(*end_worker(number)))
        elif letter == SPLIT:
            second = socket.socket(fileno=descriptors[0])
            if pid := fork():
                second.close()
                seconds = [pid, *(each for each in seconds if not os.waitpid(each, os.WNOHANG)[0])]
            else:
                control.close()
                control, seconds = second, []
                if confinement is not None:
                    confinement.host = os.getpid()
                body = control.recv(number, socket.MSG_WAITALL) if number else equipped  # as it is
                if equipped != body:
                    equipment, equipped = make_ready(body), body


def make_ready(body: bytes) -> Equipment | None:
    """What a host is split for. Where it fails it fails again in the worker, which can tell it."""
    equipment = None
    with kept(), contextlib.suppress(Exception):
        equipment = Equipment(*codec.decode(body))
    settle()
    return equipment


def fork() -> int:
    """As os.fork. Where others take all processes and threads that a container may have, it waits until they are
    ended: a submission that begins threads without number costs no other."""
    end = time.monotonic() + FORK_SECONDS
    while True:
        try:
            return os.fork()
        except BlockingIOError:
            if time.monotonic() >= end:
                raise
            time.sleep(0.02)


def fork_worker(
    control: socket.socket,
    descriptors: Sequence[int],
    confinement: confine.Confinement | None,
    equipment: Equipment | None,
) -> int:
    """`descriptors`: the channel, the stream for prints, the socket for what is told."""
    pid = fork()
    if pid:
        for descriptor in descriptors:
            os.close(descriptor)
        return pid
    try:
        channel, prints, told = descriptors
        os.close(control.detach())
        os.dup2(prints, 1)
        os.dup2(prints, 2)
        os.dup2(told, TELL)
        os.close(prints)
        os.close(told)
        serve(Channel(channel, channel), confinement, equipment)
    finally:
        os._exit(0)


def end_worker(pid: int) -> tuple[int, int]:
    """Kills and reaps a worker: (exit status as os.wait4 gives it, peak memory in KiB)."""
    import signal

    os.kill(pid, signal.SIGKILL)
    _, status, usage = os.wait4(pid, 0)
    return status, usage.ru_maxrss


def spawned_main() -> None:
    """Serves one submission over standard input and output; standard error carries the prints."""
    settings = json.loads(sys.argv[1])
    channel = Channel(os.dup(0), os.dup(1))
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    os.dup2(channel.writing, TELL)
    try:
        with kept():
            prepare_process(settings)
        serve(channel, None)
    finally:
        os._exit(0)
