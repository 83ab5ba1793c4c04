"""The hidden suite of dropout. Points: dropout 64, its backward pass 36."""

import numpy as np
import pytest

DTYPES = [np.float32, np.float64]


def example(rng, *shape, dtype=np.float64):
    """Some x, and a generator for the function to draw from."""
    return rng.normal(size=shape).astype(dtype), np.random.default_rng(rng.integers(2**32))


def gradient(rng, *shape, dtype=np.float64):
    """A gradient of the output, and a mask."""
    return rng.normal(size=shape).astype(dtype), (rng.random(shape) < 0.6).astype(dtype)


@pytest.mark.points(14)
@pytest.mark.hint("p is the probability to drop; what is kept is scaled so that the expected value stays the same.")
@pytest.mark.parametrize("dtype", DTYPES)
def test_output_in_training(agree, rng, dtype):
    """In training, {dtype} elements are dropped with probability p and the others scaled by 1/(1 − p)."""
    for p in (0.3, 0.8):
        x, generator = example(rng, 8, 6, dtype=dtype)
        agree("dropout", x, p, True, generator, part="output")


@pytest.mark.points(10)
@pytest.mark.hint("The mask is 1 where an element was kept, 0 where it was dropped, and has the dtype of x.")
@pytest.mark.parametrize("dtype", DTYPES)
def test_mask_in_training(agree, rng, dtype):
    """In training, the mask holds a {dtype} 1 for each kept and a 0 for each dropped element."""
    for p in (0.3, 0.8):
        x, generator = example(rng, 8, 6, dtype=dtype)
        agree("dropout", x, p, True, generator, part="mask")


@pytest.mark.points(8)
@pytest.mark.hint("One draw of the shape of x gives every element a fate of its own.")
def test_any_shape(agree, rng):
    """Every element of a vector or an image batch is dropped or kept on its own."""
    for shape in ((40,), (4, 5, 3), (3, 2, 4, 5)):
        x, generator = example(rng, *shape)
        agree("dropout", x, 0.4, True, generator, part="output")


@pytest.mark.points(3)
@pytest.mark.hint("With p = 0 nothing is dropped and nothing needs scaling.")
def test_nothing_to_drop(agree, rng):
    """With p = 0 the output in training is x."""
    x, generator = example(rng, 4, 5)
    agree("dropout", x, 0.0, True, generator, part="output")


@pytest.mark.points(10)
@pytest.mark.hint("Inverted dropout does all its scaling in training.")
@pytest.mark.parametrize("dtype", DTYPES)
def test_output_at_test_time(agree, rng, dtype):
    """At test time the {dtype} output is x."""
    for p in (0.3, 0.8):
        x, generator = example(rng, 4, 5, dtype=dtype)
        agree("dropout", x, p, False, generator, part="output")


@pytest.mark.points(5)
@pytest.mark.hint("At test time everything is kept.")
def test_mask_at_test_time(agree, rng):
    """At test time the mask is all ones, in the dtype of x."""
    for dtype in DTYPES:
        x, generator = example(rng, 4, 5, dtype=dtype)
        agree("dropout", x, 0.4, False, generator, part="mask")


@pytest.mark.points(4)
@pytest.mark.hint("Call rng.random(x.shape) once, and only in training.")
def test_draws(agree, rng):
    """Training draws one number for each element from rng, test time none."""
    for training in (True, False):
        x, generator = example(rng, 4, 5)
        agree("dropout", x, 0.4, training, generator, part="draws")


@pytest.mark.points(3)
@pytest.mark.hint("An array of integers cannot hold scaled values: convert to float64 first.")
def test_integers_are_promoted(agree, rng):
    """Integers and lists become float64."""
    x, generator = rng.integers(-5, 6, (4, 5)), np.random.default_rng(rng.integers(2**32))
    agree("dropout", x, 0.4, True, generator, part="output")
    agree("dropout", x.tolist(), 0.4, True, generator, part="output")


@pytest.mark.points(3)
@pytest.mark.hint("`x *= mask` and `x[…] = 0` write into the caller's array.")
@pytest.mark.reveals("modified_in_place")
def test_input_is_left_alone(agree, rng):
    """Dropout does not change x."""
    for training in (True, False):
        x, generator = example(rng, 4, 5)
        agree("dropout", x, 0.4, training, generator, part="arguments after the call")


@pytest.mark.points(4)
@pytest.mark.hint("p = 1 would divide by zero. Check p first, whatever `training` says.")
def test_bad_probability(agree, rng):
    """A p outside [0, 1) raises ValueError, at test time, too."""
    x, generator = example(rng, 3, 4)
    for p, training in ((1.0, True), (1.5, True), (-0.1, True), (1.5, False)):
        agree("dropout", x, p, training, generator)


@pytest.mark.points(14)
@pytest.mark.hint("The output is x times a constant for each element; so is the gradient.")
@pytest.mark.parametrize("dtype", DTYPES)
def test_backward(agree, rng, dtype):
    """The {dtype} gradient passes where the element was kept, scaled as in the forward pass."""
    for p in (0.3, 0.8):
        agree("dropout_backward", *gradient(rng, 8, 6, dtype=dtype), p)


@pytest.mark.points(6)
@pytest.mark.hint("Nothing in the backward pass depends on the number of dimensions.")
def test_backward_of_any_shape(agree, rng):
    """The backward pass works for a vector and an image batch."""
    for shape in ((40,), (3, 2, 4, 5)):
        agree("dropout_backward", *gradient(rng, *shape), 0.4)


@pytest.mark.points(4)
@pytest.mark.hint("For a test-time pass the mask is all ones and p is 0.")
def test_backward_at_test_time(agree, rng):
    """With a mask of ones and p = 0 the gradient passes unchanged."""
    agree("dropout_backward", rng.normal(size=(4, 5)), np.ones((4, 5)), 0.0)


@pytest.mark.points(3)
@pytest.mark.hint("Integers become float64 before they are scaled.")
def test_backward_of_integers(agree, rng):
    """An integer gradient, or one in lists, becomes float64."""
    grad_output, mask = rng.integers(-5, 6, (4, 5)), rng.integers(0, 2, (4, 5))
    agree("dropout_backward", grad_output, mask, 0.4)
    agree("dropout_backward", grad_output.tolist(), mask.tolist(), 0.4)


@pytest.mark.points(4)
@pytest.mark.hint("`grad_output *= mask` writes into the caller's array.")
@pytest.mark.reveals("modified_in_place")
def test_backward_leaves_inputs_alone(agree, rng):
    """The backward pass changes neither grad_output nor mask."""
    agree("inputs_after", "dropout_backward", *gradient(rng, 4, 5), 0.4)


@pytest.mark.points(5)
@pytest.mark.hint("p must lie in [0, 1) here, too, and mask must have the shape of grad_output.")
def test_backward_of_bad_arguments(agree, rng):
    """A mask of another shape and a p outside [0, 1) raise ValueError."""
    grad_output, mask = gradient(rng, 4, 5)
    agree("dropout_backward", grad_output, mask.T, 0.4, any_error=True)
    agree("dropout_backward", grad_output, mask, 1.0)
    agree("dropout_backward", grad_output, mask, -0.1)
