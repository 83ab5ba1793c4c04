"""Points as Classroom 50 takes them: whole numbers, whose sums are exact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, lcm

LARGEST = 1000  # factor by which points are made whole


@dataclass(frozen=True)
class Scale:
    """How the points of an assignment's checks become whole numbers, each at least 1.

    Where one factor makes all of them whole, each stands for what it is: points of 2.5 and 1 become 5 and 2. Else they
    are rounded, so that their sum is exact and none that is worth anything becomes nothing.
    """

    points: tuple[Fraction, ...]

    @property
    def factor(self) -> int | None:
        """By which all points are whole; None where it would be too large."""
        factor = lcm(*(each.denominator for each in self.points))
        return factor if factor <= LARGEST and all(self.points) else None

    @property
    def whole(self) -> list[int]:
        if (factor := self.factor) is not None:
            return [int(each * factor) for each in self.points]
        return apportioned(self.points)


def apportioned(points: Sequence[Fraction]) -> list[int]:
    """Whole numbers, at least 1, near to the points and with their sum, or with one that is large enough for all."""
    worth = sum(points) or Fraction(1)
    total = max(ceil(worth), 10 * len(points))
    left = total - len(points)  # each has 1
    shares = [each / worth * left for each in points]
    whole = [int(share) for share in shares]
    by_rest = sorted(range(len(points)), key=lambda i: (whole[i] - shares[i], i))
    for i in by_rest[: left - sum(whole)]:
        whole[i] += 1
    return [1 + each for each in whole]


def earned(score: float, worth: float, whole: int, *, passed: bool) -> int:
    """What of a whole number a score comes to. A lost mark never shows as full."""
    if passed and score >= worth:
        return whole
    share = Fraction(score) / Fraction(worth) if worth > 0 and score > 0 else Fraction(0)
    return min(int(share * whole), whole - 1)
