"""The hidden suite of gradient_clipping. Points: clipping by value 38, by the global norm 62."""

import numpy as np
import pytest

DTYPES = [np.float32, np.float64]


def example(rng, *shapes, dtype=np.float64, scale=1.0):
    return [rng.normal(0, scale, shape).astype(dtype) for shape in shapes]


@pytest.mark.points(16)
@pytest.mark.hint("Elements below −limit become −limit and those above limit become limit; the others stay.")
@pytest.mark.parametrize("dtype", DTYPES)
def test_by_value(agree, rng, dtype):
    """Every element of {dtype} gradients of several shapes is clipped to [−limit, limit]."""
    agree("clip_by_value", example(rng, (3, 4), (4,), dtype=dtype), 0.5)
    agree("clip_by_value", example(rng, (6,), (2, 1, 3, 3), dtype=dtype, scale=3.0), 1.5)


@pytest.mark.points(6)
@pytest.mark.hint("Clipping does not scale.")
def test_small_values(agree, rng):
    """Elements inside the limit keep their values."""
    agree("clip_by_value", example(rng, (3, 4), (4,)), 50.0)


@pytest.mark.points(4)
@pytest.mark.hint("[−0, 0] holds one number only.")
def test_limit_of_zero(agree, rng):
    """A limit of 0 gives zeros."""
    agree("clip_by_value", example(rng, (3, 4), (4,)), 0.0)


@pytest.mark.points(4)
@pytest.mark.hint("Convert what is neither float32 nor float64 to float64 first.")
def test_integer_values(agree, rng):
    """Integer gradients and lists of numbers become float64."""
    grads = [rng.integers(-5, 6, shape) for shape in ((3, 4), (4,))]
    agree("clip_by_value", grads, 1.5)
    agree("clip_by_value", [g.tolist() for g in grads], 2)


@pytest.mark.points(5)
@pytest.mark.hint("`np.clip(g, …, out=g)` and `g[g > limit] = limit` write into the caller's arrays.")
@pytest.mark.reveals("modified_in_place")
def test_by_value_leaves_inputs_alone(agree, rng):
    """Clipping by value does not change the gradients passed in."""
    agree("inputs_after", "clip_by_value", example(rng, (3, 4), (4,)), 0.5)


@pytest.mark.points(3)
def test_negative_limit(agree, rng):
    """A negative limit raises ValueError."""
    agree("clip_by_value", example(rng, (3, 4)), -0.5)


@pytest.mark.points(15)
@pytest.mark.hint("One factor, max_norm / norm, for all arrays: the direction of the long vector stays the same.")
@pytest.mark.parametrize("dtype", DTYPES)
def test_by_norm(agree, rng, dtype):
    """Large {dtype} gradients are scaled down, all by the same factor, to a joint norm of max_norm."""
    agree("clipped_gradients", example(rng, (3, 4), (4,), dtype=dtype), 0.75)
    agree("clipped_gradients", example(rng, (6,), (2, 1, 3, 3), (4, 3), dtype=dtype, scale=3.0), 2.0)


@pytest.mark.points(10)
@pytest.mark.hint("Square every element of every array, add them all up, and take one root. Do this before clipping.")
@pytest.mark.parametrize("dtype", DTYPES)
def test_norm(agree, rng, dtype):
    """The norm that is returned is that of all {dtype} gradients together, before clipping."""
    agree("norm_before_clipping", example(rng, (3, 4), (4,), dtype=dtype), 0.75)
    agree("norm_before_clipping", example(rng, (6,), (2, 1, 3, 3), (4, 3), dtype=dtype, scale=3.0), 2.0)
    agree("norm_before_clipping", example(rng, (3, 4), (4,), dtype=dtype), 50.0)


@pytest.mark.points(12)
@pytest.mark.hint("Clipping never makes a gradient larger.")
def test_small_norm(agree, rng):
    """Gradients whose joint norm is below max_norm keep their values."""
    agree("clipped_gradients", example(rng, (3, 4), (4,)), 50.0)


@pytest.mark.points(5)
@pytest.mark.hint("Nothing is added to the norm: the factor is exactly max_norm / norm.")
def test_tiny_norm(agree, rng):
    """Tiny gradients are scaled by exactly max_norm / norm, too."""
    agree("clipped_gradients", example(rng, (3, 4), (4,), scale=1e-3), 5e-4)


@pytest.mark.points(4)
@pytest.mark.hint("A joint norm of 0 leaves zeros only.")
def test_max_norm_of_zero(agree, rng):
    """A max_norm of 0 gives zeros."""
    agree("clipped_gradients", example(rng, (3, 4), (4,)), 0.0)


@pytest.mark.points(6)
@pytest.mark.hint("Divide by the norm only where it exceeds max_norm; then it cannot be zero.")
def test_zero_gradients(agree, observe):
    """Gradients of zero stay zero, also with a max_norm of 0."""
    grads = [np.zeros((2, 3)), np.zeros(4)]
    for max_norm in (1.0, 0.0):
        observe("clipped_or_undefined", grads, max_norm)
    for max_norm in (1.0, 0.0):
        agree("clipped_gradients", grads, max_norm)


@pytest.mark.points(3)
@pytest.mark.hint("Convert what is neither float32 nor float64 to float64 first.")
def test_integers_by_norm(agree, rng):
    """Integer gradients and lists of numbers become float64."""
    grads = [rng.integers(-5, 6, shape) for shape in ((3, 4), (4,))]
    agree("clipped_gradients", grads, 1.5)
    agree("clipped_gradients", [g.tolist() for g in grads], 1.5)


@pytest.mark.points(4)
@pytest.mark.hint("`g *= scale` writes into the caller's arrays.")
@pytest.mark.reveals("modified_in_place")
def test_by_norm_leaves_inputs_alone(agree, rng):
    """Clipping by norm does not change the gradients passed in."""
    agree("inputs_after", "clip_by_global_norm", example(rng, (3, 4), (4,)), 0.75)


@pytest.mark.points(3)
def test_negative_max_norm(agree, rng):
    """A negative max_norm raises ValueError."""
    agree("clip_by_global_norm", example(rng, (3, 4)), -0.5)
