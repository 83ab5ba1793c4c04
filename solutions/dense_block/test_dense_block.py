"""The hidden suite of dense_block. Points: the dense block 55, the cross-layer net 45."""

import pytest
import torch


def maps(rng, *shape, dtype=torch.float64):
    return torch.from_numpy(rng.normal(size=shape)).to(dtype)


def seed_for(rng):
    return int(rng.integers(2**31))


@pytest.mark.points(8)
@pytest.mark.hint("Layer k has in_channels + k·growth_rate input channels and growth_rate output channels.")
@pytest.mark.parametrize("sizes", [(3, 2, 3), (1, 4, 2), (2, 2, 1), (3, 2, 0)])
def test_layers(agree, observe, rng, sizes):
    """DenseBlock{sizes} has one 3×3 convolution with bias a layer, of the right size."""
    observe("dense_attempt", maps(rng, 2, sizes[0], 4, 5), sizes, seed_for(rng))
    agree("dense_layers", *sizes)


@pytest.mark.points(14)
@pytest.mark.hint("Collect x and the outputs of all layers in a list; each layer sees the whole list, concatenated.")
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_dense_output(agree, observe, rng, dtype):
    """Three layers give the input and all their outputs, in this order ({dtype})."""
    x, sizes, seed = maps(rng, 2, 3, 4, 5, dtype=dtype), (3, 2, 3), seed_for(rng)
    if dtype == torch.float64:
        observe("dense_complaint", x, sizes, seed)
    agree("dense_output", x, sizes, seed)


@pytest.mark.points(12)
@pytest.mark.hint(
    "The number of layers, the growth rate and the number of input channels are independent of each other."
)
@pytest.mark.parametrize("sizes", [(1, 4, 2), (2, 2, 1), (3, 3, 2)])
def test_dense_output_of_other_sizes(agree, rng, sizes):
    """The output of DenseBlock{sizes} is right."""
    agree("dense_output", maps(rng, 3, sizes[0], 3, 3), sizes, seed_for(rng))
    agree("dense_output", maps(rng, 2, sizes[0], 1, 1), sizes, seed_for(rng))


@pytest.mark.points(5)
@pytest.mark.hint("The input belongs to the output, also where nothing is added to it.")
def test_no_layers(agree, rng):
    """Without any layer the output has the values of x."""
    agree("dense_output", maps(rng, 2, 3, 4, 5), (3, 2, 0), seed_for(rng))


@pytest.mark.points(10)
@pytest.mark.hint("Every layer is reached from the output directly, and from all layers behind it.")
def test_dense_gradients(agree, rng):
    """The gradients in x and in every parameter of the dense block are right."""
    agree("dense_gradients", maps(rng, 2, 3, 4, 3), (3, 2, 3), seed_for(rng))


@pytest.mark.points(2)
@pytest.mark.hint("An in-place ReLU must not be applied to x itself.")
def test_dense_input_is_left_alone(agree, rng):
    """The dense block leaves x as it is."""
    agree("dense_output", maps(rng, 2, 3, 4, 5), (3, 2, 2), seed_for(rng), part="arguments after the call")


@pytest.mark.points(2)
@pytest.mark.hint("Without a batch axis, axis 1 is no longer that of the channels: check x.ndim.")
def test_dense_input_without_batch_axis(agree, rng):
    """The dense block is refused for an x without a batch axis."""
    agree("dense_output", maps(rng, 3, 4, 5), (3, 2, 2), seed_for(rng), any_error=True)


@pytest.mark.points(2)
@pytest.mark.hint("The first convolution takes in_channels channels, no other number.")
def test_dense_input_with_other_channels(agree, rng):
    """The dense block refuses an x with another number of channels."""
    agree("dense_output_or_refusal", maps(rng, 2, 2, 4, 5), (3, 2, 2), seed_for(rng))


@pytest.mark.points(6)
@pytest.mark.hint(
    "Two convolutions with 16 and 32 channels, and a linear layer that takes the features of both stages."
)
@pytest.mark.parametrize("sizes", [(3, 5), (1, 2)])
def test_cross_parameters(agree, sizes):
    """CrossLayerNet{sizes} has two convolutions and one linear layer with 48 inputs."""
    agree("cross_parameters", *sizes)


@pytest.mark.points(15)
@pytest.mark.hint("Average each stage over height and width first: then both are vectors, which fit side by side.")
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_cross_logits(agree, observe, rng, dtype):
    """The logits of the cross-layer net are right ({dtype})."""
    x, sizes, seed = maps(rng, 2, 3, 8, 8, dtype=dtype), (3, 5), seed_for(rng)
    if dtype == torch.float64:
        observe("cross_complaint", x, sizes, seed)
    agree("cross_logits", x, sizes, seed)


@pytest.mark.points(9)
@pytest.mark.hint("An average over height and width has the same size for every size of image.")
@pytest.mark.parametrize(("height", "width"), [(4, 4), (7, 10), (6, 13)])
def test_cross_logits_of_other_sizes(agree, observe, rng, height, width):
    """Images of {height}×{width} have logits, too."""
    observe("cross_logits", maps(rng, 1, 3, 8, 8), (3, 5), seed_for(rng))
    agree("cross_logits", maps(rng, 3, 3, height, width), (3, 5), seed_for(rng))


@pytest.mark.points(4)
@pytest.mark.hint("in_channels decides the size of the first convolution only, num_classes that of the head only.")
@pytest.mark.parametrize("sizes", [(1, 3), (4, 1)])
def test_cross_logits_of_one_image(agree, rng, sizes):
    """A batch of one image and CrossLayerNet{sizes} work."""
    agree("cross_logits", maps(rng, 1, sizes[0], 6, 8), sizes, seed_for(rng))


@pytest.mark.points(8)
@pytest.mark.hint(
    "The first stage gets its gradient on two ways: through the second stage, and directly from the head."
)
def test_cross_gradients(agree, rng):
    """The gradients in x and in every parameter of the cross-layer net are right."""
    agree("cross_gradients", maps(rng, 2, 2, 6, 9), (2, 5), seed_for(rng))


@pytest.mark.points(1)
def test_cross_input_is_left_alone(agree, rng):
    """The cross-layer net leaves x as it is."""
    agree("cross_logits", maps(rng, 2, 3, 6, 8), (3, 5), seed_for(rng), part="arguments after the call")


@pytest.mark.points(2)
@pytest.mark.hint("x must have in_channels channels, and two poolings need at least 4×4 pixels.")
@pytest.mark.parametrize("shape", [(2, 2, 6, 8), (2, 3, 3, 8)])
def test_cross_input_of_other_shape(agree, rng, shape):
    """The cross-layer net for 3 channels refuses an x of shape {shape}."""
    agree("cross_logits_or_refusal", maps(rng, *shape), (3, 5), seed_for(rng))
