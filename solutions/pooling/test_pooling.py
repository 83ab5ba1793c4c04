"""The hidden suite of pooling. Points: max pooling 34, average pooling 26, the backward pass 40."""

import numpy as np
import pytest

DTYPES = [np.float32, np.float64]


def above_zero(rng, shape):
    return 0.2 + np.abs(rng.normal(size=shape))


def below_zero(rng, shape):
    return -above_zero(rng, shape)


def backward_example(reference, rng, x, *window):
    """A gradient of the output's shape, and x."""
    shape = reference.max_pool2d(x, *window).shape
    return rng.normal(size=shape).astype(x.dtype), x


@pytest.mark.points(8)
@pytest.mark.hint("Output (r, c) is the largest value of x[n, ch, r·stride : r·stride + k, c·stride : c·stride + k].")
@pytest.mark.parametrize("dtype", DTYPES)
def test_max(agree, rng, dtype):
    """The maximum of {dtype} windows that lie side by side."""
    agree("max_pool2d", above_zero(rng, (2, 3, 6, 8)).astype(dtype), 2, 2)


@pytest.mark.points(5)
@pytest.mark.hint("What does `stride=None` stand for?")
def test_max_default_stride(agree, rng):
    """Max pooling without a stride."""
    agree("max_pool2d", above_zero(rng, (2, 3, 6, 9)), 3)


@pytest.mark.points(6)
@pytest.mark.hint("kernel_size says how large a window is, stride how far two windows are apart.")
@pytest.mark.parametrize(("kernel_size", "stride"), [(3, 2), (2, 3)], ids=["overlap", "gaps"])
def test_max_stride(agree, rng, kernel_size, stride):
    """Max pooling in windows of {kernel_size} that are {stride} apart."""
    sides = kernel_size + 2 * stride, kernel_size + 3 * stride
    agree("max_pool2d", above_zero(rng, (2, 3, *sides)), kernel_size, stride)


@pytest.mark.points(2)
@pytest.mark.hint("A kernel of 1 picks single values, a kernel as high as the image fits once.")
def test_max_of_extreme_windows(agree, rng):
    """Max pooling in windows of a single value, and in windows as high as the image."""
    agree("max_pool2d", above_zero(rng, (2, 3, 5, 7)), 1, 2)
    agree("max_pool2d", above_zero(rng, (2, 3, 4, 6)), 4, 2)


@pytest.mark.points(5)
@pytest.mark.hint("There is no window that is not full, and nothing stands around the image.")
def test_max_drops_the_border(agree, rng):
    """Max pooling drops rows and columns that are too few for another window."""
    agree("max_pool2d", below_zero(rng, (2, 3, 8, 7)), 3, 3)
    agree("max_pool2d", below_zero(rng, (2, 3, 8, 6)), 3, 2)


@pytest.mark.points(3)
@pytest.mark.hint("The maximum of negative numbers is negative.")
def test_max_of_negative_numbers(agree, rng):
    """Windows without a positive number have a negative maximum."""
    agree("max_pool2d", below_zero(rng, (2, 3, 4, 6)), 2, 2)


@pytest.mark.points(2)
@pytest.mark.hint("Convert what is not float32 or float64 to float64 before anything else.")
def test_max_of_integers(agree, rng):
    """Max pooling promotes integers and lists to float64."""
    x = rng.integers(1, 10, size=(1, 2, 4, 6))
    agree("max_pool2d", x, 2, 2)
    agree("max_pool2d", x.tolist(), 2, 2)


@pytest.mark.points(1)
def test_max_leaves_its_input_alone(agree, rng):
    """The input of max pooling keeps its values."""
    agree("inputs_after", "max_pool2d", rng.normal(size=(2, 3, 4, 6)), 2, 2)


@pytest.mark.points(2)
@pytest.mark.hint("A window must fit into the input along both axes, or ValueError is raised.")
def test_max_of_too_small_an_input(agree, rng):
    """Max pooling with a kernel larger than the input raises ValueError."""
    agree("max_pool2d", rng.normal(size=(1, 2, 3, 6)), 4, 1)
    agree("max_pool2d", rng.normal(size=(1, 2, 6, 3)), 4, 1)


@pytest.mark.points(7)
@pytest.mark.hint("The mean of a window is its sum divided by k².")
@pytest.mark.parametrize("dtype", DTYPES)
def test_average(agree, rng, dtype):
    """The mean of {dtype} windows that lie side by side."""
    agree("avg_pool2d", rng.normal(size=(2, 3, 6, 8)).astype(dtype), 2, 2)


@pytest.mark.points(4)
@pytest.mark.hint("What does `stride=None` stand for?")
def test_average_default_stride(agree, rng):
    """Average pooling without a stride."""
    agree("avg_pool2d", rng.normal(size=(2, 3, 6, 9)), 3)


@pytest.mark.points(6)
@pytest.mark.hint("kernel_size says how large a window is, stride how far two windows are apart.")
@pytest.mark.parametrize(("kernel_size", "stride"), [(3, 2), (2, 3)], ids=["overlap", "gaps"])
def test_average_stride(agree, rng, kernel_size, stride):
    """Average pooling in windows of {kernel_size} that are {stride} apart."""
    sides = kernel_size + 2 * stride, kernel_size + 3 * stride
    agree("avg_pool2d", rng.normal(size=(2, 3, *sides)), kernel_size, stride)


@pytest.mark.points(4)
@pytest.mark.hint("There is no window that is not full, and nothing stands around the image.")
def test_average_drops_the_border(agree, rng):
    """Average pooling drops rows and columns that are too few for another window."""
    agree("avg_pool2d", below_zero(rng, (2, 3, 8, 7)), 3, 3)
    agree("avg_pool2d", below_zero(rng, (2, 3, 8, 6)), 3, 2)


@pytest.mark.points(3)
@pytest.mark.hint("The mean of integers is seldom an integer: convert to float64 first.")
def test_average_of_integers(agree, rng):
    """Average pooling promotes integers and lists to float64."""
    x = rng.integers(1, 10, size=(1, 2, 4, 6))
    agree("avg_pool2d", x, 2, 2)
    agree("avg_pool2d", x.tolist(), 2, 2)


@pytest.mark.points(1)
def test_average_leaves_its_input_alone(agree, rng):
    """The input of average pooling keeps its values."""
    agree("inputs_after", "avg_pool2d", rng.normal(size=(2, 3, 4, 6)), 2, 2)


@pytest.mark.points(1)
@pytest.mark.hint("A window must fit into the input along both axes, or ValueError is raised.")
def test_average_of_too_small_an_input(agree, rng):
    """Average pooling with a kernel larger than the input raises ValueError."""
    agree("avg_pool2d", rng.normal(size=(1, 2, 3, 6)), 4, 1)
    agree("avg_pool2d", rng.normal(size=(1, 2, 6, 3)), 4, 1)


@pytest.mark.points(12)
@pytest.mark.hint("The output of a window moves with its maximum alone: all the gradient goes there.")
@pytest.mark.parametrize("dtype", DTYPES)
def test_backward(agree, reference, rng, dtype):
    """Each window passes its gradient to its maximum, in {dtype}."""
    x = rng.normal(size=(2, 3, 6, 8)).astype(dtype)
    agree("max_pool2d_backward", *backward_example(reference, rng, x, 2, 2), 2, 2)


@pytest.mark.points(4)
@pytest.mark.hint("What does `stride=None` stand for?")
def test_backward_default_stride(agree, observe, reference, rng):
    """The backward pass without a stride."""
    x = rng.normal(size=(2, 3, 6, 9))
    observe("shape_without_stride", x, 3)  # which stride is it?
    agree("max_pool2d_backward", *backward_example(reference, rng, x, 3), 3)


@pytest.mark.points(8)
@pytest.mark.hint("Which of several equal maxima comes first, row by row and from left to right?")
def test_backward_of_ties(agree, reference, rng):
    """Of several equal maxima the first one in reading order receives all of the gradient."""
    x = rng.integers(0, 3, size=(2, 3, 9, 12)).astype(float)
    agree("max_pool2d_backward", *backward_example(reference, rng, x, 3, 3), 3, 3)


@pytest.mark.points(8)
@pytest.mark.hint("A value may be the maximum of several windows. What does it owe to each of them?")
def test_backward_of_overlapping_windows(agree, reference, rng):
    """The maximum of several windows receives the sum of their gradients."""
    x = rng.normal(size=(2, 3, 7, 9))
    agree("max_pool2d_backward", *backward_example(reference, rng, x, 3, 2), 3, 2)
    agree("max_pool2d_backward", *backward_example(reference, rng, x, 3, 1), 3, 1)


@pytest.mark.points(3)
@pytest.mark.hint("What lies between two windows, or behind the last, has gradient zero.")
@pytest.mark.parametrize(("sides", "stride"), [((8, 11), 3), ((7, 9), 2)], ids=["gaps", "border"])
def test_backward_of_unseen_values(agree, reference, rng, sides, stride):
    """What no window of 2 saw has gradient zero (stride {stride} in an image of {sides})."""
    x = rng.normal(size=(2, 3, *sides))
    agree("max_pool2d_backward", *backward_example(reference, rng, x, 2, stride), 2, stride)


@pytest.mark.points(2)
@pytest.mark.hint("Convert what is not float32 or float64 to float64 before anything else.")
def test_backward_of_integers(agree, rng):
    """The backward pass promotes integers and lists to float64."""
    x = rng.permutation(48).reshape(1, 2, 4, 6)
    grad_output = rng.integers(1, 10, size=(1, 2, 2, 3))
    agree("max_pool2d_backward", grad_output, x, 2, 2)
    agree("max_pool2d_backward", grad_output.tolist(), x.tolist(), 2, 2)


@pytest.mark.points(3)
@pytest.mark.hint("grad_x is a new array; grad_output and x are only read.")
def test_backward_leaves_its_inputs_alone(agree, reference, rng):
    """The arguments of the backward pass keep their values."""
    x = rng.normal(size=(2, 3, 7, 9))
    agree("inputs_after", "max_pool2d_backward", *backward_example(reference, rng, x, 3, 2), 3, 2)
