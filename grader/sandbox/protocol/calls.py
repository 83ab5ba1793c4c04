"""One call of a probe on a module, and what came of it. Runs on both sides of the wire.

A call is `encode([name, args, kwargs])`; its outcome is a value, or the error that was raised. Both sides send
the value through the wire's encoding, so the reference's values and the submission's are compared in one form.
"""

from __future__ import annotations

import bisect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType, TracebackType
from typing import Any

import msgpack
import numpy as np

from grader.sandbox.protocol import codec
from grader.sandbox.protocol import probes as standard
from grader.sandbox.protocol.snapshot import Snapshot
from grader.sandbox.protocol.suggest import advice, missing_method, rename

Path = tuple[str | int, ...]  # keys and positions, one inside the other; () is an answer as a whole

MAX_PROBLEMS = 20  # of a file that is loaded
NAME_ROOM = 1 << 12  # bytes
MAX_MESSAGE = 500  # characters of an error's message that are kept
NOT_DEFINED = "NotDefined"  # the kind of what is missing: its message says what
FAILED = "raised"  # the one key of what stands for a part that failed
INPUTS: Path = ("arguments after the call",)  # the path of what is left of them

STANDARD_PROBES: dict[str, Callable[..., Any]] = {
    "gradients": standard.gradients,
    "twice": standard.twice,
    "number_or_nan": standard.number_or_nan,
    "variable": standard.variable,
}


@dataclass(frozen=True)
class Returned:
    value: Any
    digest: bytes = field(default=b"", compare=False, repr=False)  # of the answer as it came from a worker; "" for none
    size: int = field(default=0, compare=False, repr=False)  # bytes of memory that the value takes, where we know
    inputs: Any = None  # the arguments after the call, where it modified any


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


def part_of(outcome: Outcome, path: Path, call: bytes) -> Outcome:
    """What an answer to a call holds at a path, as an outcome of its own: a part may have failed (see `attempt`) while
    the others did not. A part that is not there is an answer of another form, which agrees with nothing."""
    if not path or not isinstance(outcome, Returned):
        return outcome
    if path == INPUTS:
        inputs = outcome.inputs
        return Returned(arguments(*codec.decode(call)[1:]) if inputs is None else inputs, outcome.digest, outcome.size)
    value = outcome.value
    for key in path:
        known = isinstance(value, dict) if isinstance(key, str) else isinstance(value, (list, tuple))
        if not known or (key not in value if isinstance(key, str) else key >= len(value)):
            return Returned(codec.Opaque(f"an answer without {key!r}"))
        value = value[key]
    return failure_in(value) or Returned(value, outcome.digest, outcome.size)


def failure_in(value: Any) -> Raised | None:
    """The error that a part stands for. A student's process may have written it: nothing is taken on trust."""
    fields = value.get(FAILED) if type(value) is dict and len(value) == 1 else None
    if type(fields) is not list or [type(field) for field in fields[:2]] != [list, str] or len(fields) != 3:
        return None
    kinds, message, line = fields
    if not kinds or not all(type(kind) is str for kind in kinds) or type(line) not in (int, type(None)):
        return None
    return Raised(tuple(kind[:80] for kind in kinds[:20]), message[:MAX_MESSAGE], line)


def place(line: int, cells: Sequence[int]) -> str:
    """Where a line of a source is, in words. `cells`: of a notebook, the first line of each code cell."""
    number = bisect.bisect_right(cells, line)
    return f"code cell {number}, line {line - cells[number - 1] + 1}" if number else f"line {line}"


def encode_call(name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> bytes:
    return codec.encode([name, list(args), dict(kwargs)])


def function_called(call: bytes) -> str:
    """The name of the function of the submission, also where a standard probe calls it. Nothing behind it is read."""
    reader = msgpack.Unpacker()
    reader.feed(call[:NAME_ROOM])
    reader.read_array_header()
    name = reader.unpack()
    if name in STANDARD_PROBES:
        reader.read_array_header()
        name = reader.unpack()
    return str(name)


def encode_outcome(outcome: Outcome) -> bytes:
    """An outcome as it is recorded."""
    if isinstance(outcome, Returned):
        return codec.encode(["returned", outcome.value, outcome.inputs])
    if isinstance(outcome, Raised):
        return codec.encode(["raised", list(outcome.kinds), outcome.message])
    return codec.encode(["stopped", outcome.message])


def decode_outcome(body: bytes) -> Outcome:
    (kind, *rest), size = codec.decode_measured(body)
    if kind == "returned":
        return Returned(rest[0], size=size, inputs=rest[1])
    return Raised(tuple(rest[0]), rest[1]) if kind == "raised" else Stopped(rest[0])


def probe_functions(source: str) -> dict[str, Callable[..., Any]]:
    """The standard probes and those that the text of a probes.py defines."""
    namespace = dict(GIVEN)
    exec(compile(source, "probes.py", "exec"), namespace)
    own = {name: value for name, value in namespace.items() if callable(value) and not name.startswith("_")}
    return STANDARD_PROBES | {name: value for name, value in own.items() if value is not GIVEN.get(name)}


class Decoded:
    """A call that is ready to be run: once, as its arguments may be modified."""

    def __init__(self, call: bytes) -> None:
        self.name, self.args, self.kwargs = codec.decode(call)
        self.before = Snapshot([self.args, self.kwargs])


def perform(
    call: bytes, module: ModuleType, probes: Mapping[str, Callable[..., Any]], filename: str
) -> Returned | Raised:
    """Runs one call. Never raises: whatever the module does is an outcome."""
    return run(call, Decoded(call), module, probes, filename)


def run(
    call: bytes,
    decoded: Decoded,
    module: ModuleType,
    probes: Mapping[str, Callable[..., Any]],
    filename: str,
) -> Returned | Raised:
    """The same, of a call that is decoded already.

    Every call tells what is left of its arguments, so none of them can be told by that.
    """
    name, args, kwargs = decoded.name, decoded.args, decoded.kwargs
    try:
        function = args[0] if name in STANDARD_PROBES else name
        if name in probes and (function == name or hasattr(module, function)):
            value = probes[name](module, *args, **kwargs)
        elif not hasattr(module, function):
            return Raised((NOT_DEFINED,), f"{function} is not defined in your file{rename(function, vars(module))}")
        else:
            value = getattr(module, name)(*args, **kwargs)
        modified = not decoded.before.holds() and codec.encode([name, args, kwargs]) != call
        return Returned(value, inputs=arguments(args, kwargs) if modified else None)
    except BaseException as error:
        return raised(error, filename)


def arguments(args: Sequence[Any], kwargs: Mapping[str, Any]) -> list[Any]:
    """In one list. Generators count as nothing: to be drawn from is what they are for."""
    return [None if isinstance(value, np.random.Generator) else value for value in (*args, *kwargs.values())]


def raised(error: BaseException, filename: str) -> Raised:
    """The outcome that an exception is. Survives exceptions whose own methods fail."""
    kinds = tuple(kind.__name__ for kind in type(error).__mro__ if kind not in (object, BaseException))
    kinds = kinds or ("BaseException",)
    try:
        message = str(error)[:MAX_MESSAGE]
        if lacking := missing_method(error, message):
            kinds, message = (NOT_DEFINED, *kinds), lacking
        message += advice(error)
    except BaseException:
        message = ""
    return Raised(kinds, message, last_line(error.__traceback__, filename))


def attempt(module: ModuleType, action: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """For probes that answer several things at once: what an action answers, or what stands for its error, so that the
    other parts can be judged all the same."""
    try:
        return action(*args, **kwargs)
    except Exception as error:
        found = raised(error, getattr(module, "__file__", f"{module.__name__}.py"))
        if isinstance(error, MemoryError) or "can't allocate memory" in found.message:
            raise  # the worker's limit, not the part's failure
        return {FAILED: [list(found.kinds), found.message, found.line]}


def settled(value: Any) -> Any:
    """For probes that watch how an answer comes about: a copy of it as it is now, so that nothing in it is worked out
    once they have looked away."""
    return codec.decode(codec.encode(value))


# What every probes.py is given.
GIVEN: dict[str, Any] = {
    "__name__": "probes",
    "weighted_sum": standard.weighted_sum,
    "attempt": attempt,
    "settled": settled,
}


def last_line(traceback: TracebackType | None, filename: str) -> int | None:
    line = None
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == filename:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line
