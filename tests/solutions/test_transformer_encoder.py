"""Positions against a double loop, the encoder layer against nn.TransformerEncoderLayer."""

import math

import pytest
import torch
from torch import nn
from torch.func import functional_call

D, HEADS, HIDDEN = 6, 2, 5


def build(reference, norm_first, dtype=torch.float64):
    torch.manual_seed(0)
    layer = reference.EncoderLayer(D, HEADS, HIDDEN, norm_first).to(dtype)
    for p in layer.parameters():
        nn.init.normal_(p, std=0.5)
    return layer


def torch_layer(layer, norm_first, dtype=torch.float64):
    oracle = nn.TransformerEncoderLayer(
        D, HEADS, HIDDEN, dropout=0.0, batch_first=True, norm_first=norm_first, dtype=dtype
    )
    state = {name.replace("attention.", "self_attn."): value for name, value in layer.state_dict().items()}
    oracle.load_state_dict(state)
    return oracle


@pytest.mark.parametrize(("length", "dim"), [(1, 1), (7, 4), (60, 5), (3, 16)])
def test_positions_equal_the_formula(reference, length, dim):
    got = reference.sinusoidal_positions(length, dim)
    assert got.dtype == torch.float32
    for position in range(length):
        for column in range(dim):
            angle = position / 10000 ** (2 * (column // 2) / dim)
            expected = math.cos(angle) if column % 2 else math.sin(angle)
            assert got[position, column].item() == pytest.approx(expected, abs=1e-6)


def test_positions_far_out_are_exact(reference):
    assert reference.sinusoidal_positions(20001, 2)[20000, 0].item() == pytest.approx(math.sin(20000), abs=1e-6)


@pytest.mark.parametrize("length", [0, 1, 4])
def test_causal_mask(reference, length):
    got = reference.causal_mask(length)
    assert got.dtype == torch.bool
    assert got.tolist() == [[j <= i for j in range(length)] for i in range(length)]
    assert reference.sinusoidal_positions(length, 3).shape == (length, 3)


@pytest.mark.parametrize("norm_first", [False, True])
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_layer_equals_torch(reference, dtype, masked, norm_first):
    layer = build(reference, norm_first, dtype)
    oracle = torch_layer(layer, norm_first, dtype)
    x = torch.randn(3, 4, D, dtype=dtype)
    mask = torch.tensor([[1, 0, 1, 0], [0, 1, 1, 1], [1, 1, 1, 0], [0, 0, 0, 1]], dtype=torch.bool)
    expected = oracle(x, src_mask=~mask if masked else None)
    torch.testing.assert_close(layer(x, mask) if masked else layer(x), expected)


def test_eval_mode_without_gradients_gives_the_same(reference):
    layer = build(reference, False)
    x = torch.randn(2, 4, D, dtype=torch.float64)
    mask = reference.causal_mask(4)
    expected = layer(x, mask)
    with torch.no_grad():
        torch.testing.assert_close(layer.eval()(x, mask), expected)


def test_a_causal_layer_does_not_see_the_future(reference):
    layer = build(reference, True)
    x = torch.randn(1, 4, D, dtype=torch.float64)
    changed = x.clone()
    changed[:, 3] += 1
    difference = (layer(changed, reference.causal_mask(4)) - layer(x, reference.causal_mask(4))).abs().amax(dim=(0, 2))
    assert difference[:3].max() < 1e-12 < 1e-3 < difference[3]


@pytest.mark.parametrize("norm_first", [False, True])
def test_gradients_equal_numeric_ones(reference, norm_first):
    layer = build(reference, norm_first)
    x = torch.randn(1, 3, D, dtype=torch.float64, requires_grad=True)
    names, parameters = zip(*((n, p.detach().requires_grad_()) for n, p in layer.named_parameters()), strict=True)

    def forward(x, *values):
        return functional_call(layer, dict(zip(names, values, strict=True)), (x, reference.causal_mask(3)))

    assert torch.autograd.gradcheck(forward, (x, *parameters))


def test_default_is_post_norm_and_inputs_are_left_alone(reference):
    layer = reference.EncoderLayer(D, HEADS, HIDDEN)
    x, mask = torch.randn(2, 3, D), torch.ones(3, 3, dtype=torch.bool)
    x_copy, mask_copy = x.clone(), mask.clone()
    state = torch.get_rng_state()
    got = layer(x, mask)
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.equal(x, x_copy)
    assert torch.equal(mask, mask_copy)
    torch.testing.assert_close(got.mean(dim=-1), torch.zeros(2, 3), atol=1e-6, rtol=0)
    assert {type(m) for m in layer.children()} == {nn.MultiheadAttention, nn.LayerNorm, nn.Linear}
    assert sum(p.numel() for p in layer.parameters()) == 4 * D * D + 4 * D + 4 * D + 2 * D * HIDDEN + D + HIDDEN


def test_bad_arguments_raise(reference):
    for call in (
        lambda: reference.sinusoidal_positions(-1, 2),
        lambda: reference.sinusoidal_positions(2, 0),
        lambda: reference.causal_mask(-1),
        lambda: reference.EncoderLayer(5, 2, 4),
        lambda: reference.EncoderLayer(4, 0, 4),
        lambda: reference.EncoderLayer(4, 2, 0),
        lambda: reference.EncoderLayer(0, 1, 4),
    ):
        with pytest.raises(ValueError, match=r"negative|at least 1|split"):
            call()


def test_bad_inputs_raise(reference):
    layer = reference.EncoderLayer(D, HEADS, HIDDEN)
    x = torch.zeros(2, 3, D)
    for bad in (x[0], x[..., :-1]):
        with pytest.raises(ValueError, match="x must have shape"):
            layer(bad)
    for bad in (torch.ones(3, 3), torch.ones(2, 3, dtype=torch.bool), torch.ones(2, 3, 3, dtype=torch.bool)):
        with pytest.raises(ValueError, match="mask must"):
            layer(x, bad)
