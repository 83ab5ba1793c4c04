"""The softmax reference against SciPy and against central differences."""

import numpy as np
import pytest
import scipy.special


@pytest.mark.parametrize("axis", [0, 1, -1])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_softmax_equals_scipy(reference, dtype, axis):
    x = np.random.default_rng(0).normal(0, 50, (3, 4, 5)).astype(dtype)
    got = reference.softmax(x, axis)
    assert got.dtype == dtype
    np.testing.assert_allclose(got, scipy.special.softmax(x, axis), rtol=1e-5 if dtype == np.float32 else 1e-12)


def test_jacobian_equals_central_differences(reference):
    x = np.random.default_rng(1).normal(size=5)
    step = 1e-6 * np.eye(5)
    numeric = np.stack([(scipy.special.softmax(x + d) - scipy.special.softmax(x - d)) / 2e-6 for d in step], axis=1)
    np.testing.assert_allclose(reference.softmax_jacobian(x), numeric, atol=1e-9)


@pytest.mark.parametrize("axis", [0, 1])
def test_backward_is_the_vector_jacobian_product(reference, axis):
    rng = np.random.default_rng(2)
    x, grad = rng.normal(size=(2, 3, 4))
    got = np.moveaxis(reference.softmax_backward(grad, scipy.special.softmax(x, axis), axis), axis, -1)
    for row, g, out in zip(np.moveaxis(x, axis, -1), np.moveaxis(grad, axis, -1), got, strict=True):
        np.testing.assert_allclose(out, g @ reference.softmax_jacobian(row), rtol=1e-12)


def test_bad_arguments_raise(reference):
    with pytest.raises(ValueError, match="axis 2"):
        reference.softmax(np.ones((2, 2)), axis=2)
    with pytest.raises(ValueError, match="one dimension"):
        reference.softmax_jacobian(np.ones((2, 2)))
    with pytest.raises(ValueError, match="shape"):
        reference.softmax_backward(np.ones(2), np.ones(3))
