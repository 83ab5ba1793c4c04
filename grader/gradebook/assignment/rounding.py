"""Scores as fractions, and back: the one place where anything is rounded."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from grader.result import DIGITS

SIMPLE = 1000  # the largest denominator of points that are meant: a third of ten is one, and so is 0.005


@lru_cache(maxsize=1 << 14)  # a class has few different scores
def exact(score: float) -> Fraction:
    """What is meant by a stored score: 3.333333 is a third of ten.

    Results have six decimals. Of fractions with a small denominator no two are as near as that, so the one that is
    within those decimals is meant; anything else is what its decimals say.
    """
    written = Fraction(round(score * 10**DIGITS), 10**DIGITS)
    simple = written.limit_denominator(SIMPLE)
    return simple if abs(simple - written) * 10**DIGITS <= Fraction(1, 2) else written


def rounded(value: Fraction, decimals: int) -> float:
    """Half a unit goes up, towards more points."""
    unit: int = 10**decimals
    units = (2 * value.numerator * unit + value.denominator) // (2 * value.denominator)
    return units / unit
