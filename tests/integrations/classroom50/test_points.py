"""Whole numbers for points: exact sums, nothing of worth becomes nothing, and no lost mark shows as full."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.integrations.classroom50.points import Scale, earned

POINTS = st.lists(st.fractions(0, 100, max_denominator=60), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("points", "whole"),
    [
        (["5", "10", "85"], [5, 10, 85]),
        (["5/2", "1"], [5, 2]),
        (["10/3", "10/3", "10/3", "90"], [10, 10, 10, 270]),
        (["1/4", "1/6"], [3, 2]),
    ],
)
def test_one_factor_makes_points_whole(points, whole):
    assert Scale(tuple(map(Fraction, points))).whole == whole


def test_points_that_no_small_factor_makes_whole_are_rounded():
    points = tuple(Fraction(1, prime) for prime in (7, 11, 13, 17))
    assert Scale(points).factor is None
    assert Scale(points).whole == [15, 10, 8, 7]
    assert Scale((Fraction(0), Fraction(100))).whole == [1, 99]


@given(POINTS)
def test_every_check_is_worth_at_least_one_and_their_order_stays(points):
    whole = Scale(tuple(points)).whole
    assert all(type(each) is int and each >= 1 for each in whole)
    pairs = sorted(zip(points, whole, strict=True))
    assert all(right[1] >= left[1] - 1 for left, right in pairwise(pairs))


@given(st.floats(0, 50), st.integers(1, 100))
def test_a_lost_mark_never_shows_as_full(score, whole):
    assert earned(score, 50.0, whole, passed=False) < whole
    assert 0 <= earned(score, 50.0, whole, passed=True) <= whole
    assert earned(50.0, 50.0, whole, passed=True) == whole
    assert earned(0.0, 0.0, whole, passed=False) == 0
