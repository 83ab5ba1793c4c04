"""The submission's side of every probe: a worker that holds it, replaced by a fresh one when it is stopped."""

from __future__ import annotations

import functools
import os
import re
import sys
import time
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from grader.report.text import visible
from grader.sandbox import wire
from grader.sandbox.calls import MAX_MESSAGE, MAX_PROBLEMS, Outcome, Raised, Returned, Stopped
from grader.sandbox.connection import Connection, WorkerStopped
from grader.sandbox.host import PACKAGE_ROOT, Host, SandboxError

SETUP_SECONDS = 60.0
MAX_USED = 20  # forbidden names in one answer
PLAIN_NAME = re.compile(r"[A-Za-z0-9_.]{1,100}")
BROKE_RULES = "broke the rules of the wire"


@dataclass(frozen=True)
class Limits:
    """What a submission may use."""

    check_seconds: float = 10.0
    submission_seconds: float = 120.0  # over all its checks
    memory: int = 1024  # MiB, over what the libraries take


@dataclass(frozen=True)
class Opening:
    """What a worker needs before the first call. Holds nothing that is secret."""

    source: bytes
    filename: str
    probes: str = ""  # the text of the exercise's probes.py
    forbidden: tuple[str, ...] = ()  # names of library functions that the exercise does not allow


class Examinee:
    """Performs calls on one submission. An endless loop costs the call that it stands in, not those after it."""

    def __init__(self, host: Host, opening: Opening, limits: Limits) -> None:
        self.host, self.opening, self.limits = host, opening, limits
        self.used: set[str] = set()  # forbidden names that were called so far
        self.problems: list[tuple[int, str]] = []  # (line, message) of what failed while loading
        self.lines: dict[str, int] = {}  # where each function and class is defined
        self._used_lately: set[str] = set()
        self._connection: Connection | None = None
        self._unloadable: Stopped | None = None
        self._received = 0
        self._output = ""
        self.spent = 0.0  # seconds, over all calls

    @property
    def out_of_time(self) -> bool:
        return self.spent >= self.limits.submission_seconds

    def load(self) -> None:
        """Starts a worker with the submission in it. What goes wrong is kept, and answered to each call."""
        connection = self.host.connect()
        opening = self.opening
        body = wire.encode(
            {
                "source": opening.source,
                "filename": opening.filename,
                "probes": opening.probes,
                "forbidden": list(opening.forbidden),
                "memory": self.limits.memory,
            }
        )
        self._connection = connection
        try:
            check_ready(connection.request(body, SETUP_SECONDS))
        except WorkerStopped as stop:
            self.close()
            raise SandboxError(f"a worker could not be set up: it {stop}") from None
        self._received = 1
        try:
            self.problems, self.lines = loaded(*self._read(connection.receive(self.limits.check_seconds)))
        except WorkerStopped as stop:
            self.close()
            self._unloadable = Stopped(f"could not be loaded: {stop}")

    def perform(self, call: bytes, seconds: float) -> Outcome:
        """The outcome of one call, by a deadline. Raises SandboxError only when the sandbox itself fails."""
        if self._connection is None and self._unloadable is None:
            self.load()
        if self._unloadable is not None or self._connection is None:
            return self._unloadable or Stopped(BROKE_RULES)
        start = time.monotonic()
        try:
            got = outcome(*self._read(self._connection.request(call, seconds)))
        except WorkerStopped as stop:
            self.close()
            got = Stopped(str(stop))
        self.spent += time.monotonic() - start
        if isinstance(got, Raised) and ran_out_of_memory(got):
            return Stopped(f"used more than {self.limits.memory} MiB of memory")
        return got

    def _read(self, body: bytes) -> tuple[str, list[Any]]:
        """(kind of answer, its fields). Raises WorkerStopped for an answer that is none.

        A student may have written these bytes: nothing is unpacked, compared or iterated before its type is known.
        """
        try:
            answer = wire.decode(body)
        except wire.WireError:
            raise WorkerStopped(BROKE_RULES) from None
        if type(answer) is not list or len(answer) < 3 or not all(map(is_a, answer[:2], (int, str))):
            raise WorkerStopped(BROKE_RULES)
        count, kind, *fields, used = answer
        if count != self._received or type(used) is not list or len(used) > MAX_USED:
            raise WorkerStopped(BROKE_RULES)
        self._received += 1
        names = {name for name in used if is_forbidden(name, self.opening.forbidden)}
        self.used |= names
        self._used_lately |= names
        return kind, fields

    def take_used(self) -> set[str]:
        """The forbidden names that were called since the last time."""
        names, self._used_lately = self._used_lately, set()
        return names

    def take_output(self) -> str:
        """What the student's code printed since the last time."""
        if self._connection is not None:
            self._output += self._connection.take_output()
        text, self._output = self._output, ""
        return without_paths(visible(text))

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._output += self._connection.take_output()
            self._connection = None


def shown(message: str) -> str:
    """An error's message as it may be shown: short, in visible characters, without paths of this machine."""
    return without_paths(visible(message[:MAX_MESSAGE]))


def without_paths(text: str) -> str:
    for path in private_paths():
        text = text.replace(path, "…")
    return text


@functools.cache
def private_paths() -> list[str]:
    """Folders that no feedback names, longest first: the interpreter's, the grader's, the home folder."""
    folders = {sys.prefix, sys.base_prefix, PACKAGE_ROOT, os.path.expanduser("~")}
    both = folders | {os.path.realpath(folder) for folder in folders}
    return sorted((folder for folder in both if len(folder) > 1), key=len, reverse=True)


def check_ready(body: bytes) -> None:
    """Raises SandboxError unless the worker is ready for the student's code."""
    _, kind, *fields = wire.decode(body)
    if kind != "ready":
        raise SandboxError(f"a worker could not be set up: {' '.join(map(str, fields))}")


def is_forbidden(name: object, forbidden: tuple[str, ...]) -> bool:
    return (
        isinstance(name, str)
        and PLAIN_NAME.fullmatch(name) is not None
        and any(fnmatchcase(name, pattern) for pattern in forbidden)
    )


def loaded(kind: str, fields: list[Any]) -> tuple[list[tuple[int, str]], dict[str, int]]:
    """(problems, lines) that a worker tells after loading. Raises WorkerStopped for an answer of another form."""
    if kind == "loaded" and len(fields) == 2 and all(map(is_a, fields, (list, dict))):
        problems, lines = fields
        placed = all(type(item) is tuple and len(item) == 2 and all(map(is_a, item, (int, str))) for item in problems)
        if placed and len(problems) <= MAX_PROBLEMS and all(type(line) is int for line in lines.values()):
            return [(line, shown(message)) for line, message in problems], lines
    raise WorkerStopped(BROKE_RULES)


def is_a(value: object, kind: type) -> bool:
    return type(value) is kind


def ran_out_of_memory(error: Raised) -> bool:
    return "MemoryError" in error.kinds or "DefaultCPUAllocator: can't allocate memory" in error.message


def outcome(kind: str, fields: list[Any]) -> Outcome:
    """The outcome that a worker's answer claims. Raises WorkerStopped for an answer of no known form."""
    if kind == "returned" and len(fields) == 1:
        return Returned(fields[0])
    if kind == "raised" and len(fields) == 3:
        kinds, message, line = fields
        named = type(kinds) is list and kinds and all(type(name) is str for name in kinds)
        if named and type(message) is str and type(line) in (int, type(None)):
            return Raised(tuple(shown(name[:80]) for name in kinds[:20]), shown(message), line)
    raise WorkerStopped(BROKE_RULES)
