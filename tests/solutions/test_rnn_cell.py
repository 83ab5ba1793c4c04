"""The RNN reference against nn.RNNCell, nn.RNN and numerical gradients."""

import pytest
import torch
from torch import nn

N, T, D, H = 3, 5, 4, 2
TOLERANCE = {torch.float32: 1e-5, torch.float64: 1e-12}
SHAPES = [(N, H), (H, D), (H, H), (H,), (H,)]


def draw(*shape, dtype=torch.float64, seed=0):
    return torch.randn(*shape, dtype=dtype, generator=torch.Generator().manual_seed(seed))


def state_and_parameters(dtype=torch.float64):
    return [draw(*shape, dtype=dtype, seed=10 + k) for k, shape in enumerate(SHAPES)]


def load(module, values):
    with torch.no_grad():
        for parameter, value in zip(module.parameters(), values, strict=True):
            parameter.copy_(value)
    return module


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_cell_equals_pytorch(reference, dtype):
    x, (h, *values) = draw(N, D, dtype=dtype), state_and_parameters(dtype)
    expected = load(nn.RNNCell(D, H, dtype=dtype), values)(x, h).detach()
    got = reference.rnn_cell(x, h, *values)
    assert got.dtype == dtype
    torch.testing.assert_close(got, expected, rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype])


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("steps", [1, N, T])
def test_sequence_equals_pytorch(reference, dtype, steps):
    x, (h0, *values) = draw(N, steps, D, dtype=dtype), state_and_parameters(dtype)
    expected, last = load(nn.RNN(D, H, batch_first=True, dtype=dtype), values)(x, h0[None])
    outputs, h_n = reference.rnn(x, h0, *values)
    for actual, wanted in [(outputs, expected), (h_n, last[0])]:
        assert actual.dtype == dtype
        assert actual.shape == wanted.shape
        torch.testing.assert_close(actual, wanted.detach(), rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype])


def test_no_steps_give_the_initial_state(reference):
    h0, *values = state_and_parameters()
    outputs, h_n = reference.rnn(torch.zeros(N, 0, D, dtype=torch.float64), h0, *values)
    assert outputs.shape == (N, 0, H)
    assert outputs.dtype == torch.float64
    assert torch.equal(h_n, h0)


def test_gradients_of_all_arguments(reference):
    arguments = [draw(N, D), *state_and_parameters()]
    assert torch.autograd.gradcheck(reference.rnn_cell, [a.requires_grad_() for a in arguments])


def test_gradients_flow_through_time_and_both_results(reference):
    x, h0, *values = inputs = [a.requires_grad_() for a in (draw(N, T, D), *state_and_parameters())]
    outputs, h_n = reference.rnn(*inputs)
    got = torch.autograd.grad(outputs.square().sum() + 2 * h_n.sum(), inputs)
    module = load(nn.RNN(D, H, batch_first=True, dtype=torch.float64), values)
    outputs, h_n = module(x, h0[None])
    expected = torch.autograd.grad(outputs.square().sum() + 2 * h_n.sum(), [x, h0, *module.parameters()])
    for actual, wanted in zip(got, expected, strict=True):
        torch.testing.assert_close(actual, wanted, rtol=1e-10, atol=1e-12)


def test_inputs_stay_as_they_were(reference):
    arguments = [draw(N, T, D), *state_and_parameters()]
    copies = [a.clone() for a in arguments]
    reference.rnn(*arguments)
    assert all(torch.equal(a, b) for a, b in zip(arguments, copies, strict=True))


@pytest.mark.parametrize(
    ("position", "shapes"),
    [
        (0, [(D,), (N, T, D), (N + 1, D), (N, D + 1)]),
        (1, [(H,), (N, H + 1), (1, H)]),
        (2, [(D, H), (H + 1, D)]),
        (3, [(H + 1, H)]),
        (4, [(H + 1,)]),
        (5, [(H, 1)]),
    ],
)
def test_cell_rejects_wrong_shapes(reference, position, shapes):
    for shape in shapes:
        arguments = [torch.zeros(s) for s in [(N, D), *SHAPES]]
        arguments[position] = torch.zeros(shape)
        with pytest.raises(ValueError, match=r"shape|dimensions"):
            reference.rnn_cell(*arguments)


@pytest.mark.parametrize("steps", [T, 0])
@pytest.mark.parametrize(("position", "shape"), [(0, (N, D)), (1, (1, N, H)), (2, (H, H + D)), (5, (H + 1,))])
def test_sequence_rejects_wrong_shapes(reference, steps, position, shape):
    arguments = [torch.zeros(s) for s in [(N, steps, D), *SHAPES]]
    arguments[position] = torch.zeros(shape)
    with pytest.raises(ValueError, match=r"shape|dimensions"):
        reference.rnn(*arguments)
