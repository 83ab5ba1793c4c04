"""The picture of a difference: any rank, size and type, and always small."""

import re

import numpy as np
import pytest

from grader.report.heatmap import TABLE_COLUMNS, TABLE_ROWS, draw
from grader.result import Difference


def picture_of(got, expected):
    return draw(Difference("", np.asarray(got), np.asarray(expected)), "p")


def cells_of(picture):
    return [cell for _, cells in picture.rows for cell in cells if not cell.cut]


def worst_of(picture):
    (worst,) = [cell for cell in cells_of(picture) if cell.worst]
    return worst


@pytest.mark.parametrize("shape", [(), (1,), (7,), (1, 1), (4, 6), (300, 500), (2, 3, 4), (2, 3, 4, 5), (1, 2, 1, 2)])
def test_every_rank_shows_its_largest_error(shape):
    rng = np.random.default_rng(0)
    expected = np.asarray(rng.normal(size=shape))
    got = np.asarray(expected + 0.01 * rng.random(size=shape))
    place = tuple(int(rng.integers(n)) for n in shape)
    got[place] = expected[place] + 5
    picture = picture_of(got, expected)
    worst = worst_of(picture)
    assert float(worst.got) == pytest.approx(got[place], rel=1e-3)
    assert float(worst.expected) == pytest.approx(expected[place], rel=1e-3)
    assert picture.largest == "5"


def test_the_place_is_told_in_words():
    expected = np.zeros((2, 3, 4))
    got = expected.copy()
    got[1, 2, 3] = 1
    picture = picture_of(got, expected)
    assert (picture.shape, picture.shown, picture.worst) == ("2 × 3 × 4", "[1, :, :]", "row 2, column 3")
    assert picture_of([0, 0, 9], [0, 0, 0]).worst == "index 2"


def test_the_table_is_cut_around_the_error():
    expected = np.zeros((100, 100))
    got = expected.copy()
    got[50, 60] = 1
    picture = picture_of(got, expected)
    assert picture.columns == ("…", *map(str, range(56, 64)), "…")
    assert [heading for heading, _ in picture.rows] == ["…", *map(str, range(47, 53)), "…"]
    assert len(cells_of(picture)) == TABLE_ROWS * TABLE_COLUMNS
    assert {len(cells) for _, cells in picture.rows} == {len(picture.columns)}


def test_a_small_table_is_whole():
    picture = picture_of(np.ones((4, 6)), np.zeros((4, 6)))
    assert len(cells_of(picture)) == 24
    assert "…" not in picture.columns


@pytest.mark.parametrize(("got", "expected"), [(np.nan, 1.0), (1.0, np.nan), (np.inf, 1.0), (np.inf, -np.inf)])
def test_a_value_that_is_not_finite_is_the_worst_and_marked(got, expected):
    picture = picture_of([1000.0, got, 0.0], [0.0, expected, 0.0])
    assert picture.not_finite
    assert worst_of(picture).got == f"{got:.4g}"
    assert 'class="h5"' in picture.svg
    assert 'class="cross"' in picture.svg


def test_equal_values_that_are_not_finite_are_equal():
    picture = picture_of([np.nan, -np.inf, 2.0], [np.nan, -np.inf, 1.0])
    assert not picture.not_finite
    assert worst_of(picture).got == "2"


def test_beside_a_nan_rounding_is_no_difference():
    picture = picture_of([np.nan, 0.1 + 0.2], [1.0, 0.3])
    assert [cell.wrong for cell in cells_of(picture)] == [True, False]


def test_values_that_differ_are_written_differently():
    worst = worst_of(picture_of([1.0000001], [1.0]))
    assert worst.got != worst.expected


def test_booleans_and_integers():
    masks = picture_of([True, False], [True, True])
    assert (worst_of(masks).got, worst_of(masks).expected, masks.two_valued) == ("False", "True", True)
    big = picture_of(np.array([2**62 + 1]), np.array([2**62]))
    assert worst_of(big).got == str(2**62 + 1)
    assert picture_of(np.array([0], np.uint8), np.array([255], np.uint8)).largest == "255"
    assert picture_of([1 + 2j], [1 - 2j]).largest == "4"


def test_extreme_values_do_not_overflow():
    picture = picture_of(np.array([1e308, 0.0]), np.array([-1e308, 0.0]))
    assert not picture.not_finite
    assert worst_of(picture).got == "1e+308"


@pytest.mark.parametrize(
    ("got", "expected"),
    [(np.zeros((0, 3)), np.ones((0, 3))), (np.zeros(2), np.zeros(3)), (np.array(["a"]), np.array(["b"]))],
)
def test_nothing_to_draw(got, expected):
    assert picture_of(got, expected) is None


def test_equal_arrays_have_no_worst_value():
    assert not any(cell.wrong or cell.worst for cell in cells_of(picture_of(np.ones((2, 2)), np.ones((2, 2)))))


def test_the_svg_is_small_whatever_is_in_the_array():
    got = np.zeros((640, 800))
    rng = np.random.default_rng(0)
    blocks = rng.permutation(np.resize([np.nan, 0.1, np.nan, 1.0], 32 * 40)).reshape(32, 40)
    got[::20, ::20] = blocks
    picture = picture_of(got, np.zeros_like(got))
    assert picture.block == "20 × 20"
    assert len(picture.svg) < 40_000


def test_a_single_wrong_value_of_many_is_not_lost_in_a_block():
    got = np.zeros((1000, 1000))
    got[123, 456] = 1
    assert 'class="h4" d="M18 3h1v1h-1z"' in picture_of(got, np.zeros_like(got)).svg


def test_the_svg_is_named_for_readers_who_do_not_see_it():
    svg = picture_of(np.ones((2, 2)), np.zeros((2, 2))).svg
    assert 'role="img" aria-labelledby="p-title p-what"' in svg
    assert re.search(r'<title id="p-title">[^<]+</title><desc id="p-what">[^<]+</desc>', svg)
    assert picture_of(1.0, 2.0).svg == ""
