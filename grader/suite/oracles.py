"""The oracles that a call can be made on: the reference, and the reference with known mistakes in it."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType
from typing import Any, Protocol

from grader.cache import Cache
from grader.result import Difference
from grader.sandbox.protocol import calls, codec
from grader.sandbox.protocol.calls import Outcome, Path, Raised, Returned, decode_outcome, part_of
from grader.sandbox.protocol.state import as_begun
from grader.suite.compare import Mismatch, assert_close, shown
from grader.suite.edits import Edit, EditError, Names, edited, names_of
from grader.suite.fingerprint import Sketch, sketch
from grader.suite.mistakes import module_of
from grader.suite.reachability import Reached, changed, reached
from grader.suite.tokens import one_line_each

MAX_REMEMBERED = 64 << 20  # bytes of outcomes, of all sides of an exercise
MAX_COMPARED = 8 << 20  # bytes of what came of comparisons
MAX_REACHED = 4 << 20
MAX_OTHERS = 16 << 20  # bytes of versions with two mistakes: some five hundred
CODE = 8  # bytes that a module takes for each character of its text


class Side(Protocol):
    """The submission, the reference, or a mistake."""

    elsewhere: float  # seconds so far that were spent on other calls than those asked for

    def perform(self, call: bytes, seconds: float, *, once: bool = False) -> Outcome:
        """`once`: where the same call was made before in this way, what it answered then."""


class Trusted:
    """A side of ours, whose answers are recorded. Remembers its outcomes: each depends on nothing but the call.

    `like`: a side of the same exercise, to share the memory with.
    """

    elsewhere = 0.0
    changed: frozenset[str] = frozenset()  # the definitions that are not the reference's, where that is known

    def __init__(self, like: Trusted | None = None) -> None:
        self.answers: dict[bytes, bytes] = {}  # call → its outcome, encoded
        self.planned: set[bytes] = like.planned if like else set()  # calls that are held anyway, whoever remembers them
        self._sketches: dict[bytes, Sketch | None] = {}  # that came with answers
        self._outcomes: Cache[tuple[Trusted, bytes], Outcome] = like._outcomes if like else Cache(MAX_REMEMBERED)
        self._drawn: Cache[tuple[Trusted, bytes, Path], tuple[Sketch | None]] = (
            like._drawn if like else Cache(MAX_COMPARED)
        )
        self._compared: Cache[tuple[Any, ...], tuple[Failure | None]] = Cache(MAX_COMPARED)
        self.entries: dict[bytes, Collection[str]] = {}  # that came with answers

    def entered(self, call: bytes) -> Collection[str]:
        """The functions and methods that a call enters on the reference, by their qualified names."""
        return self.entries.get(call, ())

    def is_as_reference(self, call: bytes) -> bool:
        """Whether a call is known to be answered as by the reference, as it reaches nothing that is changed."""
        return False

    def weight(self, call: bytes) -> int:
        """The bytes that a call takes if it is remembered. One that follows from an answer is as large as that was."""
        return 0 if call in self.planned else len(call)

    def perform(self, call: bytes, seconds: float = 0.0, *, once: bool = False) -> Outcome:
        outcome = self._outcomes.get((self, call))
        if outcome is None:
            outcome = self._perform(call)
            self._outcomes.keep((self, call), outcome, self.weight(call) + outcome.size)
        return outcome

    def _perform(self, call: bytes) -> Outcome:
        return decode_outcome(self.answers[call])

    def compare(
        self, call: bytes, path: Path, got: Returned, expected: Returned, noun: str, tolerances: dict[str, Any]
    ) -> None:
        """Raises Mismatch where an answer, or the part of it at a path, is not the expected one. The same answer is
        compared once for a class."""
        key = (call, path, got.digest, *tolerances.values())
        known = self._compared.get(key) if got.digest else None
        if known is None:
            failure = failure_of(got.value, expected.value, noun, tolerances)
            known = self._compared.keep(key, (failure,), self.weight(call) + (failure.size if failure else 0))
        if (failure := known[0]) is not None:
            raise Mismatch(failure.message, failure.difference)

    def part(self, call: bytes, path: Path) -> Outcome:
        """The outcome of a call, or of the part of it at a path."""
        return part_of(self.perform(call), path, call)

    def sketch(self, call: bytes, path: Path = ()) -> Sketch | None:
        """A sketch of the same."""
        if not path and call in self._sketches:
            return self._sketches[call]
        known = self._drawn.get((self, call, path))
        if known is None:
            known = self._drawn.keep((self, call, path), (sketch(self.part(call, path)),), self.weight(call))
        return known[0]

    def foresee(self, call: bytes, answer: bytes, found: Sketch | None) -> None:
        """Takes an answer that this side gave elsewhere, with the sketch of it."""
        self.answers[call] = answer
        self._sketches[call] = found


@dataclass(frozen=True)
class Failure:
    """What is remembered of a Mismatch: the exception itself would hold the frames it went through, and the answer."""

    message: str
    difference: Difference | None

    @property
    def size(self) -> int:
        pictured = self.difference
        return len(self.message) + (pictured.got.nbytes + pictured.expected.nbytes if pictured else 0)


def failure_of(got: Any, expected: Any, noun: str, tolerances: dict[str, Any]) -> Failure | None:
    try:
        assert_close(got, expected, noun=noun, **tolerances)
    except Mismatch as mismatch:
        return Failure(str(mismatch), shown(mismatch.difference))
    return None


class Local(Trusted):
    """A module in this process: what is not recorded is asked."""

    def __init__(self, module: ModuleType, probes: dict[str, Any], like: Trusted | None = None) -> None:
        super().__init__(like)
        self.module, self.probes = module, probes
        self.filename = f"{module.__name__.rpartition('.')[2]}.py"

    def _perform(self, call: bytes) -> Outcome:
        return super()._perform(call) if call in self.answers else self._asked(call)

    def _asked(self, call: bytes) -> Outcome:
        with as_begun(), warnings.catch_warnings(action="ignore"):
            outcome = calls.perform(call, self.module, self.probes, self.filename)
        if isinstance(outcome, Raised) and outcome.kinds[0] == "KeyboardInterrupt":
            raise KeyboardInterrupt  # of whoever waits for the grader: no code of a course raises it
        if not isinstance(outcome, Returned):
            return outcome
        (value, inputs), size = codec.decode_measured(codec.encode([outcome.value, outcome.inputs]))
        return Returned(value, size=size, inputs=inputs)


class Original(Local):
    """The reference. Notes which of its definitions each call reaches, and which functions it enters."""

    def __init__(self, module: ModuleType, probes: dict[str, Any]) -> None:
        super().__init__(module, probes)
        self._reached: Cache[bytes, Reached] = Cache(MAX_REACHED)

    def _asked(self, call: bytes) -> Outcome:
        with reached(self.filename) as found:
            outcome = super()._asked(call)
        self._reached.keep(call, found, self.weight(call))
        return outcome

    def reached(self, call: bytes) -> Reached | None:
        """None where it is not known."""
        found = self._reached.get(call)
        if found is None:
            self._asked(call)
            found = self._reached.get(call)
        return found

    def entered(self, call: bytes) -> Collection[str]:
        found = self.reached(call)
        return found.entered if found else set()


class Edited(Local):
    """The reference with edits. Answers as the reference does what does not reach them."""

    def __init__(self, original: Original, module: ModuleType, changed: frozenset[str]) -> None:
        super().__init__(module, original.probes, original)
        self._original, self.changed = original, changed

    def is_as_reference(self, call: bytes) -> bool:
        reached = self._original.reached(call)
        return reached is not None and self.changed.isdisjoint(reached.names)

    def sketch(self, call: bytes, path: Path = ()) -> Sketch | None:
        return self._original.sketch(call, path) if self.is_as_reference(call) else super().sketch(call, path)

    def _asked(self, call: bytes) -> Outcome:
        return self._original.perform(call) if self.is_as_reference(call) else super()._asked(call)


class Versions(Protocol):
    """The reference and its wrong versions. A variant is a tuple of what tells it from the reference; those of two
    mistakes, one after the other, are a variant with both."""

    @property
    def reference(self) -> Trusted: ...

    def side(self, variant: tuple[Any, ...]) -> Trusted | None: ...


class EditedVersions:
    """Made from the text of the reference and edits of it. `variants`: those of single mistakes, where they are known.
    Their sides are kept for good, as all that they were asked in advance is."""

    def __init__(
        self, source: str, name: str, probes: dict[str, Any], variants: Sequence[tuple[Edit, ...]] = ()
    ) -> None:
        self._source, self._name, self._variants = source, name, dict.fromkeys(variants)
        self.reference: Trusted
        self.reference = self.original = Original(module_of(source, name), probes)
        self._sides: dict[tuple[Any, ...], Edited | None] = {}
        self._others: Cache[tuple[Any, ...], tuple[Edited | None]] = Cache(MAX_OTHERS)

    def side(self, variant: Sequence[Any]) -> Trusted | None:
        """The reference with these edits; None where they do not go together."""
        variant = tuple(variant)
        if variant in self._variants:
            if variant not in self._sides:
                self._sides[variant] = self._made(variant)
            return self._sides[variant]
        known = self._others.get(variant)
        if known is None:
            known = self._others.keep(variant, (self._made(variant),), CODE * len(self._source))
        return known[0]

    def _made(self, variant: tuple[Any, ...]) -> Edited | None:
        try:
            text = self.text(variant)
            with warnings.catch_warnings(action="ignore", category=SyntaxWarning):  # two mistakes may make nonsense
                module = module_of(text, self._name)
            return Edited(self.original, module, self._changed(text))
        except (EditError, SyntaxError):
            return None

    def text(self, variant: Sequence[Edit]) -> str:
        """The reference with these edits. Raises EditError."""
        return edited(self._source, variant, self._names)

    @cached_property
    def _names(self) -> Names:
        return names_of(self._source, [edit for variant in self._variants for edit in variant])

    def _changed(self, text: str) -> frozenset[str]:
        found = changed(self._source, text)
        if len(found) < 3:
            return found
        return changed(one_line_each(self._source), one_line_each(text))  # an edit may have left it in that form
