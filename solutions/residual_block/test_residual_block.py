"""The hidden suite of residual_block."""

import pytest
import torch

SAME = (3, 3)
WIDER, STRIDED, BOTH = (2, 4), (3, 3, 2), (2, 4, 2)


def maps(rng, *shape, dtype=torch.float64):
    return torch.from_numpy(rng.normal(size=shape)).to(dtype)


def seed_for(rng):
    return int(rng.integers(2**31))


@pytest.mark.points(10)
@pytest.mark.hint(
    "conv1, bn1, conv2, bn2, shortcut; no convolution has a bias; the shortcut has parameters only if it must."
)
@pytest.mark.parametrize("sizes", [SAME, WIDER, STRIDED, (2, 3, 3)])
def test_submodules(agree, sizes):
    """ResidualBlock{sizes} has the required submodules and no other parameters."""
    agree("submodules", *sizes)


@pytest.mark.points(16)
@pytest.mark.hint("Where nothing changes its shape the input itself is added, after bn2 and before the last ReLU.")
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_identity_shortcut(agree, rng, dtype):
    """With an identity shortcut the output is right ({dtype})."""
    agree("block_output", maps(rng, 2, 3, 5, 6, dtype=dtype), SAME, seed_for(rng))
    agree("block_output", maps(rng, 1, 3, 5, 6, dtype=dtype), SAME, seed_for(rng))


@pytest.mark.points(10)
@pytest.mark.hint(
    "Each batch norm follows the mode of the block: in training mode it uses the statistics of the batch."
)
def test_identity_shortcut_in_training_mode(agree, rng):
    """In training mode the batch norms use the statistics of the batch."""
    agree("block_output", maps(rng, 4, 3, 4, 5), SAME, seed_for(rng), training=True)


@pytest.mark.points(18)
@pytest.mark.hint("The shortcut needs a 1×1 convolution whenever the channels change or the stride is not 1.")
@pytest.mark.parametrize("sizes", [WIDER, STRIDED, BOTH])
def test_projection_shortcut(agree, observe, rng, sizes):
    """The output of ResidualBlock{sizes} is right."""
    x, seed = maps(rng, 2, sizes[0], 6, 8), seed_for(rng)
    observe("complaint", x, sizes, seed)
    agree("block_output", x, sizes, seed)


@pytest.mark.points(6)
@pytest.mark.hint("The projection has a batch norm of its own.")
def test_projection_shortcut_in_training_mode(agree, rng):
    """The batch norm of the shortcut, too, uses the statistics of the batch in training mode."""
    agree("block_output", maps(rng, 4, 2, 4, 6), BOTH, seed_for(rng), training=True)


@pytest.mark.points(6)
@pytest.mark.hint(
    "With padding 1 a 3×3 convolution of stride s gives ⌈H/s⌉ rows, as a 1×1 convolution of that stride does."
)
@pytest.mark.parametrize(("height", "width", "stride"), [(4, 3, 2), (7, 4, 3)])
def test_sizes_that_the_stride_does_not_divide(agree, rng, height, width, stride):
    """Maps of {height}×{width} are strided by {stride}."""
    agree("block_output", maps(rng, 2, 3, height, width), (3, 2, stride), seed_for(rng))


@pytest.mark.points(6)
@pytest.mark.hint("Call each layer once in a forward pass.")
@pytest.mark.parametrize("sizes", [SAME, BOTH])
def test_running_statistics(agree, observe, rng, sizes):
    """A forward pass in training mode updates the running statistics of ResidualBlock{sizes} once."""
    x, seed = maps(rng, 3, sizes[0], 4, 6), seed_for(rng)
    observe("block_output", x, sizes, seed, training=True)
    agree("running_statistics", x, sizes, seed, True)


@pytest.mark.points(2)
@pytest.mark.hint("In eval mode nn.BatchNorm2d leaves its running statistics alone.")
def test_running_statistics_in_eval_mode(agree, rng):
    """A forward pass in eval mode leaves the running statistics alone."""
    agree("running_statistics", maps(rng, 3, 2, 4, 6), BOTH, seed_for(rng), False)


@pytest.mark.points(10)
@pytest.mark.hint("The gradient flows back on both ways; nothing that autograd still needs may be overwritten.")
@pytest.mark.parametrize("training", [False, True])
def test_gradients(agree, rng, training):
    """The gradients of an identity block in x and every parameter are right (training = {training})."""
    agree("block_gradients", maps(rng, 3, 3, 4, 5), SAME, seed_for(rng), training)


@pytest.mark.points(8)
@pytest.mark.hint("The gradient flows back on both ways, also through the projection.")
@pytest.mark.parametrize("sizes", [WIDER, BOTH])
def test_gradients_with_projection(agree, rng, sizes):
    """The gradients of ResidualBlock{sizes} in x and every parameter are right."""
    agree("block_gradients", maps(rng, 3, 2, 4, 6), sizes, seed_for(rng), True)


@pytest.mark.points(4)
@pytest.mark.hint("With an identity shortcut, skip *is* x: `skip += …` writes into the input.")
def test_input_is_left_alone(agree, rng):
    """x keeps its values."""
    agree("block_output", maps(rng, 2, 3, 4, 5), SAME, seed_for(rng), part="arguments after the call")


@pytest.mark.points(2)
@pytest.mark.hint("The batch axis is required: check x.ndim.")
def test_input_without_batch_axis(agree, rng):
    """An x without a batch axis is refused."""
    agree("block_output", maps(rng, 3, 4, 5), SAME, seed_for(rng), any_error=True)


@pytest.mark.points(2)
@pytest.mark.hint("The number of channels must be in_channels; nothing may be broadcast.")
def test_wrong_number_of_channels(agree, rng):
    """An x with another number of channels is refused."""
    agree("output_or_refusal", maps(rng, 2, 1, 4, 5), SAME, seed_for(rng))
