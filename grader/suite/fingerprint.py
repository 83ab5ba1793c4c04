"""Fingerprints of values: a few numbers that tell most apart, so that most comparisons need not be made.

Diagnosis compares every answer of a submission with that of every known mistake. Nearly all of them differ, and
nearly all of those already differ in shape, in how many numbers are finite, or in a weighted sum.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np

from grader.sandbox.protocol.calls import Outcome, Returned
from grader.suite.compare import as_array, is_tensor

# (shape, numbers that are not finite, weighted sum, sum of absolute values) of each array or number in turn.
Leaf = tuple[tuple[int, ...], int, float, float]
Sketch = tuple[Leaf, ...]

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


def may_agree(one: Sketch | None, other: Sketch | None, tolerances: dict[str, Any]) -> bool:
    """False only for two values that differ for certain."""
    if one is None or other is None:
        return one is other
    if any((tolerances.get(name) or 0.0) > LARGEST_TOLERANCE for name in ("rtol", "atol")):
        return True
    if len(one) != len(other):
        return False
    for (shape, odd, total, size), (other_shape, other_odd, other_total, other_size) in zip(one, other, strict=True):
        if shape != other_shape or odd != other_odd:
            return False
        if abs(total - other_total) > SLACK * (size + other_size) + SLACK:
            return False
    return True
