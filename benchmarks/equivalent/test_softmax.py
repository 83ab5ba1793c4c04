"""The ten checks of benchmarks/plain/test_softmax.py as this grader's suites are written."""

import numpy as np
import pytest

pytestmark = pytest.mark.points(10)


@pytest.mark.points(20)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_rows(agree, rng, dtype):
    """Rows of {dtype}."""
    agree("softmax", rng.normal(size=(4, 5)).astype(dtype), exact_dtype=True)


@pytest.mark.points(30)
@pytest.mark.parametrize("axis", [0, 1, -1])
def test_axis(agree, rng, axis):
    """Along axis {axis}."""
    agree("softmax", rng.normal(size=(3, 4, 5)), axis=axis)


def test_large_scores(agree, rng):
    """Large scores."""
    agree("softmax", rng.normal(size=(3, 4)) + 1000)


def test_far_apart_rows(agree, rng):
    """Rows that are far apart."""
    agree("softmax", rng.normal(size=(3, 4)) + np.array([[-2000.0], [0.0], [2000.0]]))


def test_jacobian(agree, rng):
    """The Jacobian."""
    agree("softmax_jacobian", rng.normal(size=5))


@pytest.mark.points(20)
@pytest.mark.parametrize("axis", [0, 1])
def test_backward(agree, rng, reference, axis):
    """The backward pass along axis {axis}."""
    output = reference.softmax(rng.normal(size=(3, 4)), axis=axis)
    agree("softmax_backward", rng.normal(size=(3, 4)), output, axis=axis)
