"""What a call can be performed on: the reference, and the reference with known mistakes in it."""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType
from typing import Any, Protocol

import numpy as np

from grader.sandbox import calls, wire
from grader.sandbox.calls import Outcome, Path, Returned, decode_outcome, part_of
from grader.suite.compare import Mismatch, assert_close
from grader.suite.mistakes import EditError, edited, module_of
from grader.suite.reach import changed, reached
from grader.suite.sketch import Sketch, sketch

MAX_REMEMBERED = 2048  # outcomes of one side
MAX_SIDES = 512


class Side(Protocol):
    """The submission, the reference, or a mistake."""

    elsewhere: float  # seconds so far that were spent on other calls than those asked for

    def perform(self, call: bytes, seconds: float, *, once: bool = False) -> Outcome:
        """`once`: where the same call was made before in this way, what it answered then."""


class Memory(dict[Any, Any]):
    """A dictionary that forgets all it holds when it is full: thousands of submissions take no more than some."""

    def __init__(self, size: int) -> None:
        self.size = size

    def __setitem__(self, key: Any, value: Any) -> None:
        if len(self) >= self.size:
            self.clear()
        super().__setitem__(key, value)


class Trusted:
    """A side of ours, whose answers are recorded. Remembers its outcomes: each depends on nothing but the call."""

    elsewhere = 0.0

    def __init__(self) -> None:
        self.answers: dict[bytes, bytes] = {}  # call → its outcome, encoded
        self._outcomes: dict[bytes, Outcome] = Memory(MAX_REMEMBERED)
        self._compared: dict[tuple[Any, ...], Mismatch | None] = Memory(MAX_REMEMBERED)
        self._sketches: dict[tuple[bytes, Path], Sketch | None] = Memory(MAX_REMEMBERED)

    def perform(self, call: bytes, seconds: float = 0.0, *, once: bool = False) -> Outcome:
        outcome = self._outcomes.get(call)
        if outcome is None:
            outcome = self._outcomes[call] = self._perform(call)
        return outcome

    def _perform(self, call: bytes) -> Outcome:
        return decode_outcome(self.answers[call])

    def compare(
        self, call: bytes, path: Path, got: Returned, expected: Returned, noun: str, tolerances: dict[str, Any]
    ) -> None:
        """Raises Mismatch where an answer, or the part of it at a path, is not the expected one. The same answer is
        compared once for a class."""
        key = (call, path, got.raw, *tolerances.values())
        if not got.raw or key not in self._compared:
            found = None
            try:
                assert_close(got.value, expected.value, noun=noun, **tolerances)
            except Mismatch as mismatch:
                found = mismatch
            self._compared[key] = found
        if (found := self._compared[key]) is not None:
            raise found.with_traceback(None)

    def part(self, call: bytes, path: Path) -> Outcome:
        """The outcome of a call, or of the part of it at a path."""
        return part_of(self.perform(call), path)

    def sketch(self, call: bytes, path: Path = ()) -> Sketch | None:
        """A sketch of the same."""
        if (call, path) not in self._sketches:
            self._sketches[call, path] = sketch(self.part(call, path))
        return self._sketches[call, path]

    def foresee(self, call: bytes, answer: bytes, found: Sketch | None) -> None:
        """Takes an answer that this side gave elsewhere, with the sketch of it."""
        self.answers[call] = answer
        self._sketches[call, ()] = found


class Local(Trusted):
    """A module in this process: what is not recorded is asked."""

    def __init__(self, module: ModuleType, probes: dict[str, Any]) -> None:
        super().__init__()
        self.module, self.probes = module, probes

    def _perform(self, call: bytes) -> Outcome:
        return super()._perform(call) if call in self.answers else self._asked(call)

    def _asked(self, call: bytes) -> Outcome:
        with np.errstate(all="ignore"):
            outcome = calls.perform(call, self.module, self.probes, f"{self.module.__name__}.py")
        return Returned(wire.decode(wire.encode(outcome.value))) if isinstance(outcome, Returned) else outcome


class Original(Local):
    """The reference. Notes which of its definitions each call reaches."""

    def __init__(self, module: ModuleType, probes: dict[str, Any]) -> None:
        super().__init__(module, probes)
        self._reached: dict[bytes, set[str]] = Memory(MAX_REMEMBERED)

    def _asked(self, call: bytes) -> Outcome:
        with reached(f"{self.module.__name__}.py") as names:
            outcome = super()._asked(call)
        self._reached[call] = names
        return outcome

    def reached(self, call: bytes) -> set[str]:
        if call not in self._reached:
            self._asked(call)
        return self._reached[call]


class Edited(Local):
    """The reference with edits. Answers as the reference does what does not reach them."""

    def __init__(self, original: Original, module: ModuleType, changed: frozenset[str]) -> None:
        super().__init__(module, original.probes)
        self._original, self._changed = original, changed

    def _asked(self, call: bytes) -> Outcome:
        if self._changed.isdisjoint(self._original.reached(call)):
            return self._original.perform(call)
        return super()._asked(call)


class Sides(Protocol):
    """The reference and its wrong versions. A variant is a tuple of what tells it from the reference; those of two
    mistakes, one after the other, are a variant with both."""

    @property
    def reference(self) -> Trusted: ...

    def side(self, variant: tuple[Any, ...]) -> Trusted | None: ...


class EditedSides:
    """Made from the text of the reference and edits of it."""

    def __init__(self, source: str, name: str, probes: dict[str, Any]) -> None:
        self._source, self._name = source, name
        self.reference: Trusted
        self.reference = self.original = Original(module_of(source, name), probes)
        self._sides: dict[tuple[Any, ...], Edited | None] = Memory(MAX_SIDES)

    def side(self, variant: Sequence[Any]) -> Trusted | None:
        """The reference with these edits; None where they do not go together."""
        variant = tuple(variant)
        if variant not in self._sides:
            try:
                text = edited(self._source, variant)
                self._sides[variant] = Edited(self.original, module_of(text, self._name), changed(self._source, text))
            except (EditError, SyntaxError):
                self._sides[variant] = None
        return self._sides[variant]
