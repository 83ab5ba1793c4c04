"""An agreement tells as much as there were answers to choose from."""

import numpy as np
import pytest

from grader.diagnosis.chance import DIGITS, SIMPLE, WORD, bits
from grader.diagnosis.diagnosis import BY_CHANCE, CERTAIN
from grader.sandbox.protocol.calls import Raised, Returned

DRAWN = np.random.default_rng(0).normal(size=8)


@pytest.mark.parametrize(
    ("got", "right", "expected"),
    [
        (DRAWN, DRAWN, 0.0),
        (DRAWN, -DRAWN, 8 * DIGITS),
        (DRAWN, DRAWN[:3], 8 * DIGITS),  # a shape that is wrong tells by its numbers
        (np.full(8, DRAWN[0]), DRAWN, DIGITS),  # one number many times
        ([0.25, 1 / 3], [1.0, 1.0], 2 * SIMPLE),
        (np.zeros(100), np.ones(100), SIMPLE),
        (np.array([True, False, True]), np.array([False, False, False]), 2 * WORD),
        (np.ones(64, bool), np.arange(64) > 40, WORD),  # nothing is masked
        (np.zeros(64, int), np.arange(64), WORD),
        (True, False, WORD),
        ("changed", "as it was", WORD),
        (np.array([np.nan, np.nan]), np.array([1.0, 2.0]), WORD),
        ({"a": 1, "b": "x"}, {"a": 1, "b": "y"}, WORD),
        (None, None, 0.0),
    ],
)
def test_bits(got, right, expected):
    assert bits(Returned(got), Returned(right)) == expected


def test_short_index_lists_are_coincidences_and_drawn_numbers_are_not():
    assert bits(Returned(np.array([3, 0, 2])), Returned(np.array([0, 3, 2]))) < BY_CHANCE
    assert bits(Returned(DRAWN[:1]), Returned(-DRAWN[:1])) > BY_CHANCE
    assert bits(Returned(DRAWN), Returned(-DRAWN)) > CERTAIN


def test_an_error_is_one_of_few():
    assert bits(Raised(("ValueError",), ""), Returned(1.0)) == WORD
