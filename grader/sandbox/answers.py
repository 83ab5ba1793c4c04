"""What a worker's answers claim, checked: a student may have written them. And what of them may be shown.

Nothing is unpacked, compared or iterated before its type is known.
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from grader.sandbox.connection import WorkerStopped
from grader.sandbox.host import PACKAGE_ROOT, SandboxError
from grader.sandbox.protocol import codec
from grader.sandbox.protocol.calls import MAX_MESSAGE, MAX_PROBLEMS, Outcome, Raised, Returned
from grader.text import visible

BROKE_RULES = "broke the rules of the wire"
PROBLEMS = {(int, str), (int, str, int, int)}  # the forms of what is told of a line


@dataclass(frozen=True)
class Used:
    """A call that the exercise does not allow."""

    pattern: str  # as the suite names it
    name: str  # as the student knows it


NOTHING_USED: frozenset[Used] = frozenset()


@dataclass(frozen=True)
class Answer:
    """An outcome with what happened on the way to it."""

    outcome: Outcome
    used: frozenset[Used] = NOTHING_USED
    printed: int = 0  # bytes


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
    _, kind, *fields = codec.decode(body)
    if kind != "ready":
        raise SandboxError(f"a worker could not be set up: {' '.join(map(str, fields))}")


Loaded = tuple[list[tuple[int, str]], dict[int, tuple[int, int]], dict[str, int]]


def loaded(kind: str, fields: list[Any]) -> Loaded:
    """(problems, what of their lines was refused, lines) that a worker tells after loading. Raises WorkerStopped for an
    answer of another form."""
    if kind == "loaded" and len(fields) == 2 and all(map(is_a, fields, (list, dict))):
        problems, lines = fields
        placed = all(type(item) is tuple and tuple(map(type, item)) in PROBLEMS for item in problems)
        if placed and len(problems) <= MAX_PROBLEMS and all(type(line) is int for line in lines.values()):
            refused = {item[0]: item[2:] for item in problems if len(item) == 4}
            return [(item[0], shown(item[1])) for item in problems], refused, lines
    raise WorkerStopped(BROKE_RULES)


def began(fields: list[Any], size: int) -> int:
    """The line of a statement that is begun with, in a source of that many bytes. Raises WorkerStopped for an answer of
    another form."""
    if len(fields) != 1 or type(fields[0]) is not int or not 1 <= fields[0] <= size:
        raise WorkerStopped(BROKE_RULES)
    return fields[0]


def is_a(value: object, kind: type) -> bool:
    return type(value) is kind


def ran_out_of_memory(error: Raised) -> bool:
    return "MemoryError" in error.kinds or "DefaultCPUAllocator: can't allocate memory" in error.message


def outcome(kind: str, fields: list[Any], digest: bytes, size: int, place: Callable[[int], str]) -> Outcome:
    """The outcome that a worker's answer claims. `digest` and `size` are those of the answer, `place` says where a line
    is. Raises WorkerStopped for an answer of no known form."""
    if kind == "returned" and len(fields) == 2 and type(fields[1]) in (list, type(None), codec.Opaque):
        return Returned(fields[0], digest, size, inputs=fields[1])
    if kind == "raised" and len(fields) == 3:
        kinds, message, line = fields
        named = type(kinds) is list and kinds and all(type(name) is str for name in kinds)
        if named and type(message) is str and type(line) in (int, type(None)):
            where = place(line) if line else ""
            return Raised(tuple(shown(name[:80]) for name in kinds[:20]), shown(message), line, where, digest)
    raise WorkerStopped(BROKE_RULES)
