"""Fingerprints of values: a few numbers that tell most apart, so that most comparisons need not be made.

Diagnosis compares every answer of a submission with that of every known mistake. Nearly all of them differ, and
nearly all of those already differ in shape, in how many numbers are finite, or in a weighted sum.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from grader.cache import ENTRY
from grader.sandbox.protocol.calls import Outcome, Returned
from grader.suite.compare import as_array, is_tensor

# (shape, numbers that are not finite, weighted sum, sum of absolute values) of each array or number in turn.
Leaf = tuple[tuple[int, ...], int, float, float]
Sketch = tuple[Leaf, ...]
Form = tuple[tuple[tuple[int, ...], int], ...]  # the first two of each

MAX_LEAVES = 64  # of a value, those that come first
MAX_NUMBERS = 4096  # of an array

SLACK = 2e-3  # far above the relative tolerance of any dtype but half precision
LARGEST_TOLERANCE = 1e-3  # above which a sketch says nothing


def sketch(outcome: Outcome) -> Sketch | None:
    """None for an outcome that is no value."""
    if not isinstance(outcome, Returned):
        return None
    with np.errstate(all="ignore"):
        return tuple(itertools.islice(leaves(outcome.value), MAX_LEAVES))


def leaves(value: Any) -> Iterator[Leaf]:
    if isinstance(value, (tuple, list)):
        for item in value:
            yield from leaves(item)
    elif isinstance(value, dict):
        for key in sorted(value):
            yield from leaves(value[key])
    elif isinstance(value, (bool, int, float, np.ndarray, np.generic)) or is_tensor(value):
        yield numbers(as_array(value))
    else:
        yield (), 0, 0.0, 0.0


def numbers(array: np.ndarray) -> Leaf:
    """Of a large array it is some numbers that are looked at, the same ones in every array of the shape."""
    flat = array.reshape(-1)[:: -(-array.size // MAX_NUMBERS) or 1]
    flat = np.abs(flat) if array.dtype.kind == "c" else flat.astype(np.float64)
    finite = np.isfinite(flat)
    if not finite.all():
        flat = np.where(finite, flat, 0.0)
    return array.shape, int(flat.size - finite.sum()), float(flat @ weights()[: flat.size]), float(np.abs(flat).sum())


@functools.cache
def weights() -> np.ndarray:
    return np.cos(np.arange(MAX_NUMBERS))


def may_agree(one: Sketch | None, other: Sketch | None, tolerances: Mapping[str, Any]) -> bool:
    """False only for two values that differ for certain."""
    if one is None or other is None:
        return one is other
    if is_too_coarse(tolerances):
        return True
    if form(one) != form(other):
        return False
    return not any(
        abs(total - other_total) > slack(size, other_size)
        for (_, _, total, size), (_, _, other_total, other_size) in zip(one, other, strict=True)
    )


class Sketches:
    """The sketches of many values, each with a number, to compare another with all of them at once."""

    def __init__(self, sketches: Mapping[int, Sketch | None]) -> None:
        alike: dict[Form, list[int]] = {}
        for number, each in sketches.items():
            if each is not None:
                alike.setdefault(form(each), []).append(number)
        self._no_values = [number for number, each in sketches.items() if each is None]
        self._values = list(itertools.chain(*alike.values()))
        self._alike = {key: (np.array(found), sums([sketches[n] or () for n in found])) for key, found in alike.items()}

    @property
    def size(self) -> int:
        """Bytes, about."""
        own = 8 * (len(self._values) + len(self._no_values))
        return own + sum(ENTRY + numbers.nbytes + sums.nbytes for numbers, sums in self._alike.values())

    def may_agree(self, one: Sketch | None, tolerances: Mapping[str, Any]) -> Collection[int]:
        """The numbers of those that do not differ from a value for certain."""
        if one is None:
            return self._no_values
        if is_too_coarse(tolerances):
            return self._values
        if (alike := self._alike.get(form(one))) is None:
            return ()
        numbers, (totals, sizes) = alike
        total, size = sums([one])
        with np.errstate(invalid="ignore"):
            differ = np.abs(total - totals) > slack(size, sizes)
        found: list[int] = numbers[~differ.any(axis=1)].tolist()
        return found


def form(sketch: Sketch) -> Form:
    return tuple([leaf[:2] for leaf in sketch])


def sums(sketches: Sequence[Sketch]) -> np.ndarray:
    """Weighted sums, and sums of absolute values: (2, how many sketches, leaves)."""
    return np.array([[[leaf[which] for leaf in each] for each in sketches] for which in (2, 3)])


def is_too_coarse(tolerances: Mapping[str, Any]) -> bool:
    return any((tolerances.get(name) or 0.0) > LARGEST_TOLERANCE for name in ("rtol", "atol"))


def slack(size: Any, other: Any) -> Any:
    """How far the weighted sums of two values may lie apart that are one but for rounding."""
    return SLACK * (size + other) + SLACK
