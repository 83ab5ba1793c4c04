"""Multi-head attention against nn.MultiheadAttention and numeric gradients."""

import pytest
import torch
from torch import nn

N, L, D = 2, 4, 6


def example(num_heads, dtype=torch.float64, seed=0):
    torch.manual_seed(seed)
    oracle = nn.MultiheadAttention(D, num_heads, batch_first=True, dtype=dtype)
    for p in oracle.parameters():
        nn.init.normal_(p)
    x = torch.randn(N, L, D, dtype=dtype)
    inputs = [x, oracle.in_proj_weight, oracle.in_proj_bias, oracle.out_proj.weight, oracle.out_proj.bias]
    return oracle, [t.detach().clone() for t in inputs]


@pytest.mark.parametrize("num_heads", [1, 2, 3, 6])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_equals_torch(reference, dtype, num_heads):
    oracle, inputs = example(num_heads, dtype)
    got = reference.multi_head_attention(*inputs, num_heads)
    x = inputs[0]
    torch.testing.assert_close(got, oracle(x, x, x, need_weights=False)[0])


@pytest.mark.parametrize("per_example", [False, True])
def test_masked_equals_torch(reference, per_example):
    oracle, inputs = example(2)
    x = inputs[0]
    masks = torch.rand(N, L, L, generator=torch.Generator().manual_seed(1)) < 0.5
    masks |= torch.eye(L, dtype=torch.bool)
    assert not masks.all()
    assert not torch.equal(masks[0], masks[1])
    assert not torch.equal(masks[0], masks[0].T)
    if per_example:
        rows = [oracle(x[[n]], x[[n]], x[[n]], attn_mask=~masks[n], need_weights=False)[0] for n in range(N)]
        torch.testing.assert_close(reference.multi_head_attention(*inputs, 2, mask=masks), torch.cat(rows))
    else:
        expected = oracle(x, x, x, attn_mask=~masks[0], need_weights=False)[0]
        torch.testing.assert_close(reference.multi_head_attention(*inputs, 2, mask=masks[0]), expected)


def test_a_fully_masked_row_gives_the_output_bias(reference):
    _, inputs = example(3)
    mask = torch.ones(N, L, L, dtype=torch.bool)
    mask[0, 2] = False
    got = reference.multi_head_attention(*inputs, 3, mask=mask)
    unmasked = reference.multi_head_attention(*inputs, 3)
    torch.testing.assert_close(got[0, 2], inputs[4])
    others = torch.ones(N, L, dtype=torch.bool)
    others[0, 2] = False
    torch.testing.assert_close(got[others], unmasked[others])


def test_gradients_equal_torch_and_numeric_ones(reference):
    _, inputs = example(2)
    inputs = [t[:, :3].contiguous().requires_grad_() if t.ndim == 3 else t.requires_grad_() for t in inputs]
    mask = torch.tensor([[1, 0, 0], [0, 0, 0], [1, 0, 1]], dtype=torch.bool)
    assert torch.autograd.gradcheck(lambda *t: reference.multi_head_attention(*t, 2, mask=mask), inputs)


def test_large_scores_stay_finite(reference):
    _, inputs = example(2, torch.float32)
    assert reference.multi_head_attention(inputs[0] * 1e4, *inputs[1:], 2).isfinite().all()


@pytest.mark.parametrize("shape", [(0, 3, D), (2, 0, D)])
def test_an_empty_batch_or_sequence(reference, shape):
    _, inputs = example(2)
    assert reference.multi_head_attention(torch.zeros(shape).double(), *inputs[1:], 2).shape == shape


def test_inputs_are_left_alone(reference):
    _, inputs = example(2)
    mask = torch.ones(L, L).tril().bool()
    copies, mask_copy = [t.clone() for t in inputs], mask.clone()
    reference.multi_head_attention(*inputs, 2, mask=mask)
    assert all(torch.equal(a, b) for a, b in zip(inputs, copies, strict=True))
    assert torch.equal(mask, mask_copy)


@pytest.mark.parametrize("num_heads", [0, -1, 4, 12])
def test_bad_head_counts_raise(reference, num_heads):
    _, inputs = example(1)
    with pytest.raises(ValueError, match="heads"):
        reference.multi_head_attention(*inputs, num_heads)


@pytest.mark.parametrize("position", range(5))
def test_bad_shapes_raise(reference, position):
    _, inputs = example(1)
    inputs[position] = inputs[position][:-1] if position else inputs[position][0]
    with pytest.raises(ValueError, match="must have shape"):
        reference.multi_head_attention(*inputs, 1)


def test_bad_masks_raise(reference):
    _, inputs = example(1)
    for shape in [(L,), (L, L + 1), (1, L, L), (N, 1, L, L)]:
        with pytest.raises(ValueError, match="mask must have shape"):
            reference.multi_head_attention(*inputs, 1, mask=torch.ones(shape, dtype=torch.bool))
    with pytest.raises(ValueError, match="boolean"):
        reference.multi_head_attention(*inputs, 1, mask=torch.ones(L, L))
