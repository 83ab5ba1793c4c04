"""How much an agreement tells: the fewer values an answer could take, the more programs give it by chance.

Counted in bits, over what agrees and is not what the reference answers: where a wrong program is right, others are too.
A number of many digits tells about as much as its digits. A small integer, a fraction with a small denominator, a
truth value or a word are one of few, and the same number in many places counts once: a mask that is True everywhere
tells no more than one that is True once.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import numpy as np

from grader.sandbox.protocol.calls import Outcome, Returned
from grader.suite.compare import as_array, is_tensor

DIGITS = 16.0  # bits of a number that is no simple one
SIMPLE = 3.0  # bits of a fraction with a small denominator
WORD = 1.0  # bits of what is not a number, or not finite
DENOMINATOR = 27720  # what all of 1 … 12 divide
LARGEST = 100.0  # above which no fraction is simple
MAX_COUNTED = 256  # elements of an array, those that come first
CLOSE = 1e-4


def bits(got: Outcome, right: Outcome) -> float:
    """What is told by an answer that a known mistake gives too, where the reference answers otherwise."""
    if not isinstance(got, Returned):
        return WORD
    return bits_of(got.value, right.value if isinstance(right, Returned) else None)


def bits_of(got: Any, right: Any) -> float:
    if isinstance(got, (tuple, list)):
        alike = isinstance(right, (tuple, list)) and len(right) == len(got)
        return float(sum(bits_of(value, right[index] if alike else None) for index, value in enumerate(got)))
    if isinstance(got, dict):
        others = right if isinstance(right, dict) else {}
        return float(sum(bits_of(value, others.get(key)) for key, value in got.items()))
    if is_number(got):
        return bits_of_numbers(as_array(got), as_array(right) if is_number(right) else None)
    if type(got) is type(right) and got == right:
        return 0.0
    return WORD + (SIMPLE * len(numbers_in(got) - numbers_in(right)) if isinstance(got, str) else 0.0)


def numbers_in(text: Any) -> set[str]:
    return set(re.findall(r"\d+(?:\.\d+)?", text)) if isinstance(text, str) else set()


def is_number(value: Any) -> bool:
    return is_tensor(value) or isinstance(value, (bool, int, float, np.ndarray, np.generic))


@np.errstate(all="ignore")
def bits_of_numbers(got: np.ndarray, right: np.ndarray | None) -> float:
    found = got.reshape(-1)[:MAX_COUNTED]
    if right is not None and right.shape == got.shape:
        others = right.reshape(-1)[:MAX_COUNTED]
        found = found[~np.isclose(found, others, rtol=CLOSE, atol=0.0, equal_nan=True)]
    if found.dtype.kind in "biu":
        told = np.log2(1.0 + np.abs(found.astype(np.float64))).clip(WORD, SIMPLE)
        return float(np.sort(told)[::-1][: unlike_most(got)].sum())
    found = np.abs(found).astype(np.float64)
    finite = np.isfinite(found)
    parts = found[finite] * DENOMINATOR
    simple = (found[finite] < LARGEST) & (np.abs(parts - np.rint(parts)) < 1e-3 * np.maximum(1.0, found[finite]))
    different = len(set(found[finite][~simple].astype(np.float32).tolist()))
    few = len(set(np.rint(parts[simple]).tolist()))
    return DIGITS * different + SIMPLE * few + WORD * bool((~finite).any())


def unlike_most(values: np.ndarray) -> int:
    """How many are not like most of them, and one for all that are."""
    most = Counter(values.reshape(-1).tolist()).most_common(1)
    return values.size - sum(count for _, count in most) + 1
