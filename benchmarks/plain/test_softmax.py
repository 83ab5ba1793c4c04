"""A suite for softmax as one would write it for bare pytest: the submission is a module beside it."""

import numpy as np
import pytest
import submission

rng = np.random.default_rng(0)


def expected(x, axis=-1):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_rows(dtype):
    x = rng.normal(size=(4, 5)).astype(dtype)
    got = submission.softmax(x)
    assert got.dtype == dtype
    np.testing.assert_allclose(got, expected(x), rtol=1e-5)


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_axis(axis):
    x = rng.normal(size=(3, 4, 5))
    np.testing.assert_allclose(submission.softmax(x, axis=axis), expected(x, axis))


def test_large_scores():
    x = rng.normal(size=(3, 4)) + 1000
    np.testing.assert_allclose(submission.softmax(x), expected(x))


def test_far_apart_rows():
    x = rng.normal(size=(3, 4)) + np.array([[-2000.0], [0.0], [2000.0]])
    np.testing.assert_allclose(submission.softmax(x), expected(x))


def test_jacobian():
    s = expected(x := rng.normal(size=5))
    np.testing.assert_allclose(submission.softmax_jacobian(x), np.diag(s) - np.outer(s, s))


@pytest.mark.parametrize("axis", [0, 1])
def test_backward(axis):
    s, g = expected(rng.normal(size=(3, 4)), axis), rng.normal(size=(3, 4))
    np.testing.assert_allclose(submission.softmax_backward(g, s, axis), s * (g - (g * s).sum(axis, keepdims=True)))
