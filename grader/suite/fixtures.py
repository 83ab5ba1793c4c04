"""What the fixtures of a suite hand out for one check on a submission, and a record of the calls made through them."""

from __future__ import annotations

import builtins
import functools
import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from grader.sandbox.protocol import calls
from grader.sandbox.protocol.calls import INPUTS, NOT_DEFINED, Outcome, Path, Raised, Returned, Stopped, part_of
from grader.suite.compare import Mismatch
from grader.suite.fingerprint import Sketch, sketch
from grader.suite.oracles import Side, Trusted
from grader.suite.wording import PLAIN, UNWRITTEN, Wording

# What the parts of a standard probe's answer are called in a message.
NOUNS = {"gradients": "gradient in argument", "twice": "call"}

# What arguments that do not fit are refused with. Not AttributeError or TypeError: missing functions give those.
REFUSALS = {"ValueError", "RuntimeError", "IndexError", "AssertionError"}

# Raised wherever a name or a file is missing: no refusal, whatever was expected.
NO_REFUSALS = {"NameError", "ImportError", "AttributeError", "OSError"}

WHOLE: tuple[Path, ...] = ((),)


class SuiteFault(Exception):
    """The suite or the reference is at fault, not the submission."""


class StudentError(Exception):
    """A call on the submission raised, or got no answer; also an instance of the builtin of the same name."""

    def __init__(self, name: str, outcome: Raised | Stopped, words: Wording = PLAIN) -> None:
        self.outcome = outcome
        super().__init__(words.failure(name, outcome))


@dataclass(frozen=True)
class Call:
    """A call that a check made on the submission."""

    name: str  # of the probe, or of the function itself
    body: bytes
    got: Outcome
    tolerances: dict[str, Any]
    compared: bool  # with the reference's outcome, by `agree`
    any_error: bool = False  # whichever error would do
    observed: bool = False  # not judged, by `observe`
    parts: tuple[Path, ...] = ()  # of the answer that are judged: one that is right will do; none: all of it

    @property
    def paths(self) -> tuple[Path, ...]:
        return self.parts or WHOLE

    @cached_property
    def judged(self) -> tuple[tuple[Outcome, Sketch | None], ...]:
        """Each part that is judged, and the sketch of it."""
        found = [part_of(self.got, path, self.body) for path in self.paths]
        return tuple((part, sketch(part)) for part in found)

    @cached_property
    def outcome(self) -> Outcome:
        """What messages are about: the answer, or the first of its parts that are judged."""
        return part_of(self.got, self.paths[0], self.body)

    @cached_property
    def target(self) -> str:
        """What the call is about: the function that was called, also through a standard probe, or its arguments."""
        if self.parts == (INPUTS,) and self.name != "inputs_after":
            return f"arguments of {self.name}"
        return self.function

    @cached_property
    def function(self) -> str:
        return calls.function_called(self.body)


class CheckRun:
    """The values of the fixtures `submission`, `reference`, `agree`, `observe` and `rng` for one check."""

    def __init__(
        self,
        inputs: str,
        submission: Side,
        reference: Trusted,
        seed: int,
        seconds: float,
        *,
        dry_run: Callable[[int], None] | None = None,
        words: Wording = PLAIN,
    ) -> None:
        """`inputs`: the name that, with the seed, decides what `rng` draws. `dry_run`: `agree` hands out nothing and
        runs this with the number of the call, which may raise: so a check shows what it makes of answers and failures.
        `words`: what messages call what failed.
        """
        self._words = words
        self._submission, self._reference = submission, reference
        self.seconds = seconds
        self.dry_run = dry_run
        self._spent = 0.0
        self.calls: list[Call] = []
        self._seeds = [seed, zlib.crc32(inputs.encode())]

    # Made when they are asked for: a run that held them would be garbage that only the collector finds, with every
    # answer that it holds.
    @property
    def submission(self) -> Proxy:
        return Proxy(self._call_submission)

    @property
    def reference(self) -> Proxy:
        return Proxy(self._call_reference)

    @cached_property
    def rng(self) -> np.random.Generator:
        return np.random.default_rng(self._seeds)

    def fixture(self, name: str) -> Any:
        return getattr(self, name)

    def agree(
        self,
        name: str,
        *args: Any,
        rtol: float | None = None,
        atol: float | None = None,
        exact_dtype: bool = False,
        any_error: bool = False,
        part: str | int | Path = (),
        either: Sequence[str | int | Path] = (),
        **kwargs: Any,
    ) -> Any:
        """Runs a probe, or a function of the submission, on both sides and compares. Answers the submission's value.

        Where the reference raises ValueError the submission must raise it too; with `any_error` what NumPy and torch
        raise of their own for arguments that do not fit will do as well. `part`: what of the answer is compared, a key
        or a path of keys; `either`: parts of which one that is right will do. A call that is judged in parts is made
        once for all checks that make it alike: what does all its duties at once cannot tell which of them is judged.
        The part "arguments after the call" is what is left of them, generators aside. `agree("inputs_after", f, ...)`
        judges it where f is known to compute: doing nothing leaves them alone as well.
        Raises Mismatch or StudentError.
        """
        tolerances: dict[str, Any] = {"rtol": rtol, "atol": atol, "exact_dtype": exact_dtype}
        if name == "inputs_after":
            called, args, part = args[0], args[1:], INPUTS
        else:
            called = name
        parts = tuple(path if isinstance(path, tuple) else (path,) for path in either or [part] if path != ())
        answer = self._settle(name, calls.encode_call(called, args, kwargs), tolerances, any_error, parts)
        if self.dry_run is None:
            return answer
        self.dry_run(len(self.calls) - 1)
        return Unseen()

    def observe(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Runs a probe, or a function of the submission, and judges nothing: what it answers tells one mistake from
        another that fails the same check. Raises nothing."""
        self._perform(name, calls.encode_call(name, args, kwargs), {}, observed=True)

    def replay(self, recorded: Sequence[Call]) -> None:
        """Does again what a check did that only called `agree` and `observe`. Raises like `agree`."""
        for call in recorded:
            if call.observed:
                self._perform(call.name, call.body, {}, observed=True)
            else:
                self._settle(call.name, call.body, call.tolerances, call.any_error, call.parts)

    def _settle(
        self, name: str, body: bytes, tolerances: dict[str, Any], any_error: bool, parts: tuple[Path, ...]
    ) -> Any:
        answer = self._reference.perform(body, self.seconds)
        got = self._perform(name, body, tolerances, compared=True, any_error=any_error, parts=parts)
        first: Exception | None = None
        for path in parts or WHOLE:
            if path == INPUTS and unmodified(got) and unmodified(answer):
                return None
            try:
                return self._compare(name, body, path, part_of(got, path, body), part_of(answer, path, body))
            except (Mismatch, StudentError) as failure:
                first = first or failure
        assert first is not None
        try:
            raise first
        finally:
            first = None  # else this frame and the failure would hold each other, and all answers of the run

    def _compare(self, name: str, body: bytes, path: Path, got: Outcome, expected: Outcome) -> Any:
        call = self.calls[-1]
        if isinstance(expected, Raised):
            return self._must_raise(call.function, got, expected, call.any_error)
        if not isinstance(expected, Returned):
            raise SuiteFault(f"the reference gave no answer to {name}")
        if not isinstance(got, Returned):
            raise self._error(call.function, got)
        if got.value is None and expected.value is not None:
            raise Mismatch(self._words.nothing(call.function))
        noun = "after the call, argument" if path == INPUTS else NOUNS.get(name, "value")
        self._reference.compare(body, path, got, expected, noun, call.tolerances)
        return got.value

    def _must_raise(self, name: str, got: Outcome, expected: Raised, any_error: bool) -> None:
        if "ValueError" not in expected.kinds:
            raise SuiteFault(f"the reference raised {expected.kinds[0]}: {expected.message}")
        if is_missing(got) or (isinstance(got, Raised) and not NO_REFUSALS.isdisjoint(got.kinds)):
            raise self._error(name, got)
        if not isinstance(got, Raised):
            raise Mismatch(f"{self._words.subject(name)} raised nothing, expected ValueError ({expected.message})")
        if REFUSALS.isdisjoint(got.kinds) if any_error else "ValueError" not in got.kinds:
            raise Mismatch(f"{self._words.failure(name, got)}; expected ValueError ({expected.message})")

    def _call_submission(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        got = self._perform(name, calls.encode_call(name, args, kwargs), {})
        if isinstance(got, Returned):
            return got.value
        raise self._error(self.calls[-1].function, got)

    def _error(self, name: str, got: Outcome) -> StudentError:
        return student_error(name, got, self._words)

    def _call_reference(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        outcome = self._reference.perform(calls.encode_call(name, args, kwargs), self.seconds)
        if isinstance(outcome, Returned):
            return outcome.value
        raise SuiteFault(f"the reference did not answer {name}: {outcome}")

    def _perform(
        self,
        name: str,
        body: bytes,
        tolerances: dict[str, Any],
        *,
        compared: bool = False,
        any_error: bool = False,
        observed: bool = False,
        parts: tuple[Path, ...] = (),
    ) -> Outcome:
        start = time.monotonic() - self._submission.elsewhere
        left = self.seconds - self._spent
        too_late = Stopped(f"took longer than {self.seconds:g} s", timed_out=True)
        got = self._submission.perform(body, left, once=bool(parts)) if left > 0 else too_late
        self._spent += time.monotonic() - self._submission.elsewhere - start
        self.calls.append(Call(name, body, got, tolerances, compared, any_error, observed, parts))
        return got


def unmodified(outcome: Outcome) -> bool:
    """Whether a call left its arguments as they were."""
    return isinstance(outcome, Returned) and outcome.inputs is None


def refuse(*operands: Any) -> Any:
    raise LookupError("the answer is used")


# Stands for an answer that nobody should look at: whatever is done with it raises.
OPERATIONS = ("getattribute", "bool", "len", "iter", "getitem", "eq", "lt", "gt", "add", "sub", "mul", "neg", "array")
Unseen = type("Unseen", (), {f"__{operation}__": refuse for operation in OPERATIONS})


class Proxy:
    """A side as a module: `submission.softmax(x)` is a call of the probe, or the function, of that name."""

    def __init__(self, call: Any) -> None:
        self._call = call

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *args, **kwargs: self._call(name, args, kwargs)


def is_missing(outcome: Outcome) -> bool:
    """Whether there is nothing to answer with, or no time: no mistake in a function looks like that."""
    return isinstance(outcome, Stopped) or (
        isinstance(outcome, Raised) and not {NOT_DEFINED, UNWRITTEN}.isdisjoint(outcome.kinds)
    )


def student_error(name: str, outcome: Outcome, words: Wording = PLAIN) -> StudentError:
    assert isinstance(outcome, (Raised, Stopped))
    base = getattr(builtins, outcome.kinds[0], None) if isinstance(outcome, Raised) else None
    if base is ValueError or base is TypeError:  # so that `pytest.raises(ValueError)` works in a suite
        return student_error_type(base)(name, outcome, words)
    return StudentError(name, outcome, words)


@functools.cache
def student_error_type(base: type[Exception]) -> type[StudentError]:
    return type(f"Student{base.__name__}", (StudentError, base), {})
