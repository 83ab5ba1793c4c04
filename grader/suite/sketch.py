"""A few numbers that tell most values apart, so that most comparisons need not be made.

Diagnosis compares every answer of a submission with that of every known mistake. Nearly all of them differ, and
nearly all of those already differ in shape, in how many numbers are finite, or in a weighted sum.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from grader.sandbox.calls import Outcome, Returned
from grader.suite.compare import as_array, is_tensor

# (shape, numbers that are not finite, weighted sum, sum of absolute values) for each array or number in turn.
Sketch = tuple[tuple[tuple[int, ...], int, float, float], ...]

SLACK = 2e-3  # far above the relative tolerance of any dtype but half precision
LARGEST_TOLERANCE = 1e-3  # above which a sketch says nothing


def sketch(outcome: Outcome) -> Sketch | None:
    """None for an outcome that is no value."""
    if not isinstance(outcome, Returned):
        return None
    with np.errstate(all="ignore"):
        return tuple(leaves(outcome.value))


def leaves(value: Any) -> list[Any]:
    if isinstance(value, (tuple, list)):
        return [leaf for item in value for leaf in leaves(item)]
    if isinstance(value, dict):
        return [leaf for key in sorted(value) for leaf in leaves(value[key])]
    if isinstance(value, (bool, int, float, np.ndarray, np.generic)) or is_tensor(value):
        return [numbers(as_array(value))]
    return [((), 0, 0.0, 0.0)]


def numbers(array: np.ndarray) -> tuple[tuple[int, ...], int, float, float]:
    flat = np.abs(array.reshape(-1)) if array.dtype.kind == "c" else array.reshape(-1).astype(np.float64)
    finite = np.isfinite(flat)
    if not finite.all():
        flat = np.where(finite, flat, 0.0)
    return array.shape, int(flat.size - finite.sum()), float(flat @ weights(flat.size)), float(np.abs(flat).sum())


@functools.lru_cache(maxsize=512)
def weights(size: int) -> np.ndarray:
    return np.cos(np.arange(size))


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
