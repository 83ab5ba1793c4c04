"""The hidden suite of conv2d. Points: output_size 15, conv2d 50, its backward pass 35."""

import numpy as np
import pytest


def example(rng, x_shape, weight_shape, dtype=np.float64):
    """An input and a kernel."""
    return rng.normal(size=x_shape).astype(dtype), rng.normal(size=weight_shape).astype(dtype)


def backward_example(reference, rng, x_shape, weight_shape, dtype=np.float64, **options):
    """A gradient of the output's shape, the input and the kernel."""
    x, weight = example(rng, x_shape, weight_shape, dtype)
    shape = reference.conv2d(x, weight, **options).shape
    return rng.normal(size=shape).astype(dtype), x, weight


@pytest.mark.points(4)
@pytest.mark.hint("Write down the places of a kernel of 3 on an axis of 5. The first and the last both count.")
def test_size_counts_places(agree, rng):
    """A kernel that moves in steps of one has as many places as there are, as an int."""
    for size in rng.integers(6, 20, size=3):
        agree("output_size", int(size), int(rng.integers(1, 6)))
    agree("output_size", 5, 5)
    agree("output_size", 1, 1)


@pytest.mark.points(3)
@pytest.mark.hint("`padding` zeros stand at both ends of the axis.")
def test_size_with_padding(agree, rng):
    """Padding lengthens the axis at both of its ends."""
    for padding in (1, 2, 3):
        agree("output_size", int(rng.integers(6, 20)), int(rng.integers(2, 6)), padding=padding)
    agree("output_size", 3, 5, padding=1)


@pytest.mark.points(6)
@pytest.mark.hint("A step that would lead beyond the end is not taken: divide with //, which rounds down.")
@pytest.mark.parametrize("left_over", [1, 2])
def test_size_with_stride(agree, rng, left_over):
    """With stride 3 a place that would leave the axis does not count ({left_over} left over)."""
    steps, kernel_size = (int(number) for number in rng.integers(2, 60, size=2))
    agree("output_size", kernel_size + 3 * steps + left_over, kernel_size, stride=3)
    agree("output_size", kernel_size + 3 * steps + left_over - 2, kernel_size, stride=3, padding=1)
    agree("output_size", kernel_size + 3 * steps, kernel_size, stride=3)


@pytest.mark.points(2)
@pytest.mark.hint("Compare the kernel with size + 2·padding, and raise ValueError where it does not fit.")
def test_size_of_too_large_a_kernel(agree, rng):
    """A kernel larger than the padded axis raises ValueError."""
    size = int(rng.integers(3, 200))
    agree("output_size", size, size + 1)
    agree("output_size", size, size + 5, padding=2)


@pytest.mark.points(8)
@pytest.mark.hint("Lay the kernel on each window as it is, multiply element by element, and sum.")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_one_channel(agree, rng, dtype):
    """One {dtype} channel and one kernel, without padding, stride or bias."""
    agree("conv2d", *example(rng, (1, 1, 6, 7), (1, 1, 3, 3), dtype))


@pytest.mark.points(7)
@pytest.mark.hint("Each output channel has a kernel for every input channel, and sums over all of them.")
def test_channels(agree, rng):
    """Several images, input channels and output channels."""
    agree("conv2d", *example(rng, (2, 3, 6, 7), (4, 3, 3, 3)))


@pytest.mark.points(5)
@pytest.mark.hint("bias[o] is added to each output of channel o, once.")
def test_bias(agree, rng):
    """Each output channel has its own bias, added once."""
    agree("conv2d", *example(rng, (2, 3, 6, 5), (4, 3, 2, 2)), rng.normal(size=4))


@pytest.mark.points(7)
@pytest.mark.hint("Images grow by `padding` on all four sides; batch and channels stay as they are.")
@pytest.mark.parametrize("padding", [1, 2])
def test_padding(agree, rng, padding):
    """{padding} zeros on all four sides of every image."""
    agree("conv2d", *example(rng, (2, 3, 5, 6), (4, 3, 3, 3)), padding=padding)


@pytest.mark.points(8)
@pytest.mark.hint("Window (r, c) starts at row r·stride and column c·stride.")
@pytest.mark.parametrize("stride", [2, 3])
def test_stride(agree, rng, stride):
    """Windows are {stride} rows and {stride} columns apart, and what is left over is dropped."""
    agree("conv2d", *example(rng, (2, 3, 9, 10), (4, 3, 2, 2)), stride=stride)


@pytest.mark.points(4)
@pytest.mark.hint("kH and kW each have a part of their own in windows and output size.")
@pytest.mark.parametrize("kernel", [(2, 3), (3, 2)], ids=["2x3", "3x2"])
def test_rectangular_kernels(agree, rng, kernel):
    """Kernels of shape {kernel} work."""
    agree("conv2d", *example(rng, (2, 3, 6, 6), (4, 3, *kernel)))


@pytest.mark.points(3)
@pytest.mark.hint("Pad first, then step through the padded images. float32 answers in float32.")
def test_everything_together(agree, rng):
    """Padding, stride and bias at once, in float32."""
    x, weight = example(rng, (2, 3, 8, 7), (4, 3, 3, 3), np.float32)
    agree("conv2d", x, weight, rng.normal(size=4).astype(np.float32), stride=2, padding=1)


@pytest.mark.points(2)
@pytest.mark.hint("Convert what is not float32 or float64 to float64 before anything else.")
def test_integers_are_promoted(agree, rng):
    """Integers and lists are promoted to float64."""
    x, weight = rng.integers(-9, 10, size=(1, 1, 4, 5)), rng.integers(-9, 10, size=(2, 1, 3, 3))
    agree("conv2d", x, weight)
    agree("conv2d", x.tolist(), weight.tolist())


@pytest.mark.points(1)
@pytest.mark.hint("A list has no axes to index: make an array of it.")
def test_bias_of_integers(agree, rng):
    """The bias may be a list of integers."""
    x, weight = example(rng, (1, 2, 4, 5), (3, 2, 3, 3))
    agree("conv2d", x, weight, rng.integers(1, 10, size=3).tolist())


@pytest.mark.points(1)
@pytest.mark.hint("Work on copies: padding and bias make new arrays.")
def test_inputs_are_left_alone(agree, rng):
    """The arguments of conv2d keep their values."""
    agree("inputs_after", "conv2d", *example(rng, (2, 3, 5, 6), (4, 3, 3, 3)), rng.normal(size=4))


@pytest.mark.points(2)
@pytest.mark.hint("The kernel must fit into the padded image along both axes.")
def test_too_large_a_kernel(agree, rng):
    """A kernel larger than the padded input raises ValueError."""
    agree("conv2d", *example(rng, (1, 2, 6, 3), (2, 2, 4, 4)))
    agree("conv2d", *example(rng, (1, 2, 2, 9), (2, 2, 5, 5)), padding=1)


@pytest.mark.points(2)
@pytest.mark.hint("x is (N, C, H, W) and weight (O, C, kH, kW): four axes each.")
def test_operands_must_match(agree, rng):
    """Operands of another rank are refused."""
    agree("conv2d", *example(rng, (3, 5, 5), (2, 3, 3, 3)), any_error=True)
    agree("conv2d", *example(rng, (1, 3, 5, 5), (3, 3, 3)), any_error=True)


PARTS = ["grad_x", "grad_weight"]


@pytest.mark.points(11)
@pytest.mark.hint("x[n, ch, r+i, c+j] meets weight[o, ch, i, j] in output[n, o, r, c]: gradients add up over meetings.")
@pytest.mark.parametrize("part", PARTS)
def test_backward(agree, reference, rng, part):
    """{part} without padding and stride."""
    agree(part, *backward_example(reference, rng, (2, 3, 6, 5), (4, 3, 3, 3)))


@pytest.mark.points(5)
@pytest.mark.hint("A bias is added to every output of its channel, in every image: its gradients add up.")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_grad_bias(agree, reference, rng, dtype):
    """grad_bias, also with padding and stride, in {dtype}."""
    agree("grad_bias", *backward_example(reference, rng, (2, 3, 6, 5), (4, 3, 3, 3), dtype))
    for options in ({"padding": 1}, {"stride": 2, "padding": 1}):
        agree("grad_bias", *backward_example(reference, rng, (2, 3, 6, 5), (4, 3, 3, 3), dtype, **options), **options)


@pytest.mark.points(5)
@pytest.mark.hint("The gradient of the padded input is larger than x: the padding is not part of the input.")
@pytest.mark.parametrize("part", PARTS)
def test_backward_with_padding(agree, reference, rng, part):
    """{part} with padding 1 and 2."""
    for padding in (1, 2):
        example = backward_example(reference, rng, (2, 3, 5, 6), (4, 3, 3, 3), padding=padding)
        agree(part, *example, padding=padding)


@pytest.mark.points(5)
@pytest.mark.hint("Output (r, c) saw the window at (r·stride, c·stride). What no window saw has gradient 0.")
@pytest.mark.parametrize("part", PARTS)
def test_backward_with_stride(agree, reference, rng, part):
    """{part} with stride 2 and 3, some rows and columns being left over."""
    for stride in (2, 3):
        example = backward_example(reference, rng, (2, 3, 9, 8), (4, 3, 2, 2), stride=stride)
        agree(part, *example, stride=stride)


@pytest.mark.points(3)
@pytest.mark.hint("kH and kW may differ.")
@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("kernel", [(2, 3), (3, 2)], ids=["2x3", "3x2"])
def test_backward_of_rectangular_kernels(agree, reference, rng, part, kernel):
    """{part} for kernels of shape {kernel}."""
    agree(part, *backward_example(reference, rng, (2, 3, 6, 6), (4, 3, *kernel)))


@pytest.mark.points(2)
@pytest.mark.hint("float32 answers in float32.")
@pytest.mark.parametrize("part", PARTS)
def test_backward_of_everything_together(agree, reference, rng, part):
    """{part} with padding and stride at once, in float32."""
    options = {"stride": 2, "padding": 1}
    agree(part, *backward_example(reference, rng, (2, 3, 8, 7), (4, 3, 3, 3), np.float32, **options), **options)


@pytest.mark.points(1)
@pytest.mark.hint("Convert all three arguments to float64 unless they are float32 or float64.")
def test_backward_of_integers(agree, rng):
    """The backward pass promotes integers and lists to float64."""
    x, weight = rng.integers(-9, 10, size=(1, 1, 4, 5)), rng.integers(-9, 10, size=(2, 1, 3, 3))
    grad_output = rng.integers(-9, 10, size=(1, 2, 2, 3))
    agree("conv2d_backward", grad_output, x, weight)
    agree("conv2d_backward", grad_output.tolist(), x.tolist(), weight.tolist())


@pytest.mark.points(3)
@pytest.mark.hint("Gradients are new arrays; the arguments are only read.")
def test_backward_leaves_inputs_alone(agree, reference, rng):
    """The arguments of the backward pass keep their values."""
    agree("inputs_after", "conv2d_backward", *backward_example(reference, rng, (2, 3, 5, 6), (4, 3, 3, 3)))
