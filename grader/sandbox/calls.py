"""One call of a probe on a module, and what came of it. Runs on both sides of the wire.

A call is `encode([name, args, kwargs])`; its outcome is a value, or the error that was raised. Both sides send
the value through the wire's encoding, so the reference's values and the submission's are compared in one form.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType, TracebackType
from typing import Any

from grader.sandbox import probes as standard
from grader.sandbox import wire

MAX_PROBLEMS = 20  # of a file that is loaded
NAME_ROOM = 1 << 12  # bytes
MAX_MESSAGE = 500  # characters of an error's message that are kept

STANDARD_PROBES: dict[str, Callable[..., Any]] = {
    "inputs_after": standard.inputs_after,
    "gradients": standard.gradients,
    "twice": standard.twice,
    "number_or_nan": standard.number_or_nan,
}


@dataclass(frozen=True)
class Returned:
    value: Any
    digest: bytes = field(default=b"", compare=False, repr=False)  # of the answer as it came from a worker; "" for none
    size: int = field(default=0, compare=False, repr=False)  # bytes of memory that the value takes, where we know


@dataclass(frozen=True)
class Raised:
    kinds: tuple[str, ...]  # names of the exception's classes, most specific first
    message: str
    line: int | None = None  # the last line of the student's own file on the way to the error
    place: str = field(default="", compare=False)  # that line in words
    digest: bytes = field(default=b"", compare=False, repr=False)
    size = 0


@dataclass(frozen=True)
class Stopped:
    """No outcome: the worker was stopped, or died."""

    message: str
    timed_out: bool = field(default=False, compare=False)
    digest: bytes = field(default=b"", compare=False, repr=False)  # none: a stop is not an answer
    size = 0


Outcome = Returned | Raised | Stopped


def encode_call(name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> bytes:
    return wire.encode([name, list(args), dict(kwargs)])


def first_argument(call: bytes) -> str:
    """The first argument of a call: the name of a function, where it is of a standard probe. The others, of whatever
    size, are not made."""
    (_, args, _), _ = wire.decode_fields(call, NAME_ROOM)
    return str(args[0])


def encode_outcome(outcome: Outcome) -> bytes:
    """An outcome as it is recorded."""
    if isinstance(outcome, Returned):
        return wire.encode(["returned", outcome.value])
    if isinstance(outcome, Raised):
        return wire.encode(["raised", list(outcome.kinds), outcome.message])
    return wire.encode(["stopped", outcome.message])


def decode_outcome(body: bytes) -> Outcome:
    (kind, *rest), size = wire.decode_measured(body)
    if kind == "returned":
        return Returned(rest[0], size=size)
    return Raised(tuple(rest[0]), rest[1]) if kind == "raised" else Stopped(rest[0])


def probe_functions(source: str) -> dict[str, Callable[..., Any]]:
    """The standard probes and those that the text of a probes.py defines."""
    namespace: dict[str, Any] = {"__name__": "probes", "weighted_sum": standard.weighted_sum}
    exec(compile(source, "probes.py", "exec"), namespace)
    own = {name: value for name, value in namespace.items() if callable(value) and not name.startswith("_")}
    return STANDARD_PROBES | own


def perform(
    call: bytes, module: ModuleType, probes: Mapping[str, Callable[..., Any]], filename: str
) -> Returned | Raised:
    """Runs one call. Never raises: whatever the module does is an outcome."""
    return run(wire.decode(call), module, probes, filename)


def run(
    call: Sequence[Any], module: ModuleType, probes: Mapping[str, Callable[..., Any]], filename: str
) -> Returned | Raised:
    """The same, of a call that is decoded already: once, as its arguments may be modified."""
    name, args, kwargs = call
    seed_global_generators()
    try:
        function = args[0] if name in STANDARD_PROBES else name
        if name in probes and (function == name or hasattr(module, function)):
            return Returned(probes[name](module, *args, **kwargs))
        if not hasattr(module, function):
            return Raised(("NotDefined",), f"{function} is not defined in your file")
        return Returned(getattr(module, name)(*args, **kwargs))
    except BaseException as error:
        return raised(error, filename)


def raised(error: BaseException, filename: str) -> Raised:
    """The outcome that an exception is. Survives exceptions whose own methods fail."""
    kinds = tuple(kind.__name__ for kind in type(error).__mro__ if kind not in (object, BaseException))
    try:
        message = str(error)[:MAX_MESSAGE]
    except BaseException:
        message = ""
    return Raised(kinds, message, last_line(error.__traceback__, filename))


def last_line(traceback: TracebackType | None, filename: str) -> int | None:
    line = None
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == filename:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line


def seed_global_generators() -> None:
    """The same start for code that draws from global generators, so that a mistake of that kind has one value."""
    random.seed(0)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(0)
    if "torch" in sys.modules:
        sys.modules["torch"].default_generator.manual_seed(0)
