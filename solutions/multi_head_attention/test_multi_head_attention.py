"""The hidden suite of multi-head attention, one function: values 41, masks 29, gradients 17, good manners 13."""

import numpy as np
import pytest
import torch

own_attention = pytest.mark.not_allowed(
    "torch.nn.MultiheadAttention",
    "torch.nn.functional.scaled_dot_product_attention",
    "torch.nn.functional.multi_head_attention_forward",
    "torch.nn.attention.flex_attention.flex_attention",
    "torch.onnx.ops.attention",
)

DIM = 6


# Relative to the largest value: 1e-8 in the divisor of the softmax, which keeps a row of zeros from 0/0, is right.
SLACK = 1e-7


def tensor(rng, *shape, scale=1.0, dtype=torch.float64):
    return torch.from_numpy(rng.normal(scale=scale, size=shape)).to(dtype)


def parameters(rng, dim=DIM, dtype=torch.float64, scale=0.7):
    """weight_qkv, bias_qkv, weight_out and bias_out, large enough for the heads to tell positions apart."""
    return [
        tensor(rng, 3 * dim, dim, scale=scale, dtype=dtype),
        tensor(rng, 3 * dim, scale=scale, dtype=dtype),
        tensor(rng, dim, dim, scale=0.7, dtype=dtype),
        tensor(rng, dim, scale=0.7, dtype=dtype),
    ]


def gentle(rng, scale=0.2):
    """Parameters with scores that lie close together, so that each position counts."""
    return parameters(rng, scale=scale)


def scores_by_keys(rng):
    """Parameters with queries of about 1 in each feature: where a key is large in all features, so is its score."""
    weight_qkv, bias_qkv, *output = parameters(rng)
    weight_qkv[:DIM] *= 0.05
    bias_qkv[:DIM] = 1.0
    return [weight_qkv, bias_qkv, *output]


def some_mask(rng, *shape):
    """A mask without symmetry in which every row allows two positions, so that scores count, and forbids one."""
    length = shape[-1]
    allowed = rng.random(shape) < 0.5
    own = np.arange(length)
    allowed[..., own, (own + 1) % length] = True
    allowed[..., own, (own + 2) % length] = False
    allowed[..., own, (own + 3) % length] |= ~allowed[..., own, own]
    return torch.from_numpy(allowed)


@own_attention
@pytest.mark.points(16)
@pytest.mark.hint("Project, split into heads, attend, merge the heads, project. Print the shape after each step.")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])
def test_two_heads(agree, rng, dtype):
    """Two heads attend to a batch of sequences in their own features."""
    slack = SLACK if dtype == torch.float64 else None
    agree("multi_head_attention", tensor(rng, 3, 4, DIM, dtype=dtype), *parameters(rng, dtype=dtype), 2, atol=slack)


@own_attention
@pytest.mark.points(15)
@pytest.mark.hint("Head j works on features j·D/h … (j+1)·D/h − 1, and its scores are divided by √(D/h).")
@pytest.mark.parametrize("num_heads", [1, 3, 6])
def test_number_of_heads(agree, rng, num_heads):
    """{num_heads} of the heads share 6 features."""
    agree("multi_head_attention", tensor(rng, 2, 5, DIM), *parameters(rng), num_heads, atol=SLACK)


@own_attention
@pytest.mark.points(5)
@pytest.mark.hint("A single position attends to itself with weight 1: only the projections are left.")
def test_single_position(agree, rng):
    """A sequence of one position."""
    agree("multi_head_attention", tensor(rng, 2, 1, DIM), *parameters(rng), 3, atol=SLACK)


@own_attention
@pytest.mark.points(5)
@pytest.mark.hint("exp overflows above 709. Subtracting the largest score of a row does not change its softmax.")
def test_large_scores(agree, rng):
    """Scores in the thousands do not overflow."""
    agree("multi_head_attention", tensor(rng, 2, 4, DIM, scale=60.0), *parameters(rng), 2, atol=SLACK)


@own_attention
@pytest.mark.points(9)
@pytest.mark.hint("mask[i, j] = True means that i may attend to j. What may not be attended to gets the score −∞.")
def test_mask_for_the_batch(agree, rng):
    """A mask (L, L) rules the whole batch."""
    agree("multi_head_attention", tensor(rng, 2, 4, DIM), *gentle(rng), 3, mask=some_mask(rng, 4, 4), atol=SLACK)


@own_attention
@pytest.mark.points(8)
@pytest.mark.hint("The scores are (N, heads, L, L): which of these axes does a mask (N, L, L) lack?")
@pytest.mark.parametrize("batch", [2, 3])
def test_mask_for_each_sequence(agree, rng, batch):
    """Masks (N, L, L) rule each of {batch} sequences, in all of 3 heads."""
    agree(
        "multi_head_attention",
        tensor(rng, batch, 4, DIM),
        *gentle(rng),
        3,
        mask=some_mask(rng, batch, 4, 4),
        atol=SLACK,
    )


@own_attention
@pytest.mark.points(2)
@pytest.mark.hint("Mask first: neither the largest score nor the sum may be one over positions that are blocked.")
def test_blocked_scores_far_above(agree, rng):
    """Blocked positions have no say even where their scores lie far above the others."""
    for above in (26.0, 800.0, 40000.0):
        weight_qkv, bias_qkv, *output = scores_by_keys(rng)
        x, mask = tensor(rng, 2, 5, DIM), torch.tensor([[True, False, True, True, False]] * 5)
        x[:, ~mask[0], 0] += above  # only the keys take notice of feature 0
        weight_qkv[:, 0] = 0
        weight_qkv[DIM : 2 * DIM, 0] = torch.from_numpy(rng.uniform(0.5, 0.7, DIM))
        agree("multi_head_attention", x, weight_qkv, bias_qkv, *output, 2, mask=mask, atol=SLACK)


@own_attention
@pytest.mark.points(2)
@pytest.mark.hint("Real scores may lie below any number that stands for a mask, but not below −∞.")
def test_mask_with_low_scores(agree, rng):
    """Blocked positions get no weight even where all scores lie far below zero."""
    weight_qkv, bias_qkv, *output = scores_by_keys(rng)
    bias_qkv[DIM : 2 * DIM] -= 20000.0
    agree(
        "multi_head_attention",
        tensor(rng, 2, 4, DIM),
        weight_qkv,
        bias_qkv,
        *output,
        3,
        mask=some_mask(rng, 4, 4),
        atol=SLACK,
    )


@own_attention
@pytest.mark.points(8)
@pytest.mark.hint("With every score at −∞ softmax is 0/0. The weights of such a row are to be zero.")
def test_fully_masked_row(agree, rng):
    """A row with no position allowed gives bias_out, and its neighbours what they should."""
    mask = some_mask(rng, 4, 4)
    mask[1] = False
    # Scores minus 10⁹, a common slip, have lost digits: the tolerance lets its values be recognised.
    agree("multi_head_attention", tensor(rng, 2, 4, DIM), *gentle(rng, 0.1), 2, mask=mask, rtol=1e-5, atol=1e-5)


@own_attention
@pytest.mark.points(11)
@pytest.mark.hint("Stay with torch operations from x and the parameters to the output: no detach, no NumPy, no .data.")
def test_gradients(agree, rng):
    """Gradients reach x, both weights and both biases."""
    agree("gradients", "multi_head_attention", tensor(rng, 2, 4, DIM), *parameters(rng), 2, atol=SLACK)


@own_attention
@pytest.mark.points(6)
@pytest.mark.hint("A NaN that is replaced only in the output may still be there on the way back.")
def test_gradients_with_a_fully_masked_row(agree, rng):
    """Gradients stay finite when a row has no position allowed."""
    mask = some_mask(rng, 4, 4)
    mask[2] = False
    agree("gradients", "multi_head_attention", tensor(rng, 2, 4, DIM), *gentle(rng), 2, mask=mask, atol=SLACK)


@own_attention
@pytest.mark.points(3)
@pytest.mark.hint("Operations whose name ends in an underscore, += and out= write into the caller's tensors.")
@pytest.mark.reveals("modified_in_place")
def test_inputs_are_left_alone(agree, rng):
    """Neither x nor a parameter is modified."""
    agree("inputs_after", "multi_head_attention", tensor(rng, 2, 4, DIM), *parameters(rng), 2)


@own_attention
@pytest.mark.points(2)
@pytest.mark.hint("Operations whose name ends in an underscore, += and out= write into the caller's tensors.")
@pytest.mark.reveals("modified_in_place")
def test_mask_is_left_alone(agree, rng):
    """The mask is not modified."""
    mask = some_mask(rng, 2, 4, 4)
    agree("inputs_after", "multi_head_attention", tensor(rng, 2, 4, DIM), *parameters(rng), 2, mask=mask)


@pytest.mark.points(4)
@pytest.mark.hint("Each head gets D/h features, which must be a whole number.")
def test_heads_that_do_not_divide(agree, rng):
    """A D that num_heads does not divide is refused."""
    agree("multi_head_attention", tensor(rng, 2, 4, DIM), *parameters(rng), 4, any_error=True)


@pytest.mark.points(2)
def test_shape_of_the_mask(agree, rng):
    """A mask for another length is refused."""
    agree(
        "multi_head_attention", tensor(rng, 2, 4, DIM), *parameters(rng), 2, mask=some_mask(rng, 3, 3), any_error=True
    )


@pytest.mark.points(2)
def test_shapes_of_the_parameters(agree, rng):
    """Parameters for another D are refused."""
    agree("multi_head_attention", tensor(rng, 2, 4, DIM), *parameters(rng, dim=4), 2, any_error=True)
