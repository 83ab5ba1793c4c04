"""What counts as equal, and what is said when it is not."""

import numpy as np
import pytest
import torch

from grader.sandbox.protocol.codec import Opaque
from grader.suite import compare
from grader.suite.compare import Mismatch, assert_close

A = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


def message(got, expected, **options):
    with pytest.raises(Mismatch) as caught:
        assert_close(got, expected, **options)
    return str(caught.value)


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (A + 1e-10, A),
        (A.astype(np.float32) * (1 + 1e-6), A.astype(np.float32)),
        (np.array([np.nan, np.inf, 1.0]), np.array([np.nan, np.inf, 1.0])),
        (np.array([1, 2], dtype=np.int32), np.array([1, 2], dtype=np.int64)),
        (np.float64(2.0), 2.0),
        (2.0, np.float64(2.0)),
        (2.0, np.array(2.0)),
        (np.array(2.0), np.float64(2.0)),
        (2, 2.0),
        (np.int64(3), 3),
        (np.True_, True),
        ([A, A], (A, A)),
        ({"a": 1}, {"a": 1}),
        (None, None),
        (torch.tensor([1.0]), torch.tensor([1.0])),
        (torch.ones(2, dtype=torch.bfloat16), torch.ones(2, dtype=torch.bfloat16)),
        (np.zeros((0, 3)), np.zeros((0, 3))),
    ],
)
def test_equal(got, expected):
    assert_close(got, expected)


@pytest.mark.parametrize(
    ("got", "expected", "said"),
    [
        ([1.0], np.array([1.0]), "got a list of 1, expected an array of shape (1,)"),
        (np.array([]), A, "got shape (0,), expected (2, 3)"),
        (5.0, A, "got the float 5.0, expected an array of shape (2, 3)"),
        (np.array([5.0]), 5.0, "got an array of shape (1,), expected the float 5.0"),
        (A.astype(np.float32), A, "got float32, expected float64"),
        (np.array([1.0, 2.0]), np.array([1, 2]), "got float64, expected int64"),
        (np.array([True]), np.array([1]), "got bool, expected int64"),
        (1.0, True, "got the float 1.0, expected the bool True"),
        (True, 1.0, "got the bool True, expected the float 1.0"),
        (3.0, 3, "got the float 3.0, expected the int 3"),
        (None, A, "got None, expected an array"),
        (Opaque("an object of type Liar"), A, "got an object of type Liar, expected an array"),
        (torch.ones(2), np.ones(2), "got a tensor of shape (2,), expected an array"),
        (np.ones(2), torch.ones(2), "got an array of shape (2,), expected a tensor"),
        (1.0, torch.tensor(1.0), "got the float 1.0, expected a tensor of shape ()"),
        (torch.tensor(1.0), 1.0, "got a tensor of shape (), expected the float 1.0"),
        ((A,), (A, A), "got 1 values, expected 2"),
        (A, (A, A), "got an array of shape (2, 3), expected 2 values"),
        ((A, A + 1), (A, A), "value 1: row 0, column 0: got 2, expected 1 (6 of 6 values differ)"),
        ({"b": 1}, {"a": 1}, "got a dict without 'a' and with 'b', expected the keys ['a']"),
        ("x", "y", "got the text 'x', expected the text 'y'"),
    ],
)
def test_different(got, expected, said):
    assert said in message(got, expected)


def test_the_largest_error_is_told_with_its_place():
    got = A.copy()
    got[1, 2] += 5
    got[0, 0] += 1
    assert message(got, A) == "row 1, column 2: got 11, expected 6 (2 of 6 values differ)"


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_non_finite_values_never_pass(bad):
    got = A.copy()
    got[0, 1] = bad
    assert message(got, A, atol=1e9) == f"row 0, column 1: got {bad}, expected a finite number (1 of 6 values differ)"
    assert "expected nan" in message(A, np.where(A == 5, np.nan, A))


def test_close_numbers_are_told_apart_in_words():
    assert message(np.array([1.00001, 1.0]), np.array([1.0, 1.0])) == (
        "element 0: got 1.00001, expected 1 (1 of 2 values differ)"
    )


def test_tolerances_scale_with_the_array_and_are_bounded_below():
    expected = np.array([1e6, 1e-3], dtype=np.float32)
    assert_close(expected + np.array([0, 1], dtype=np.float32), expected)
    assert_close(np.array([1e-13]), np.array([0.0]))
    assert "got" in message(np.array([1e-6]), np.array([0.0]))


def test_tolerances_can_be_given():
    assert_close(A + 0.1, A, atol=0.2)
    assert message(A + 1e-10, A, rtol=0, atol=0)


def test_integer_width_matters_only_when_asked():
    assert "got int32, expected int64" in message(np.array([1], dtype=np.int32), np.array([1]), exact_dtype=True)


def test_a_wrong_array_comes_with_both_arrays():
    with pytest.raises(Mismatch) as caught:
        assert_close((A, A + 1), (A, A))
    difference = caught.value.difference
    assert difference.place == "[1]"
    np.testing.assert_array_equal(difference.got - difference.expected, np.ones((2, 3)))


def test_the_width_of_a_scalar_is_numpys_choice_in_numpy_1(monkeypatch):
    narrow, wide = np.float32(0.1), np.float64(0.1)
    monkeypatch.setattr(compare, "NUMPY_1", True)
    assert_close(narrow, wide)
    assert_close(wide, narrow)
    assert message(np.float32(0.11), wide) == "got 0.11, expected 0.1"
    assert message(np.array([0.1], np.float32), np.array([0.1])) == "got float32, expected float64"
    assert message(torch.tensor(0.1), torch.tensor(0.1, dtype=torch.float64)) == "got float32, expected float64"
    monkeypatch.setattr(compare, "NUMPY_1", False)
    assert message(narrow, wide) == "got float32, expected float64"
