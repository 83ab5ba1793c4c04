"""The LSTM reference against nn.LSTMCell, nn.LSTM and numerical gradients."""

import pytest
import torch
from torch import nn

N, T, D, H = 3, 5, 4, 2
TOLERANCE = {torch.float32: 1e-5, torch.float64: 1e-12}


def draw(*shape, dtype=torch.float64, seed=0):
    return torch.randn(*shape, dtype=dtype, generator=torch.Generator().manual_seed(seed))


def parameters(dtype=torch.float64):
    shapes = [(4 * H, D), (4 * H, H), (4 * H,), (4 * H,)]
    return [draw(*shape, dtype=dtype, seed=10 + k) for k, shape in enumerate(shapes)]


def states(dtype=torch.float64):
    return [draw(N, H, dtype=dtype, seed=20), draw(N, H, dtype=dtype, seed=21)]


def load(module, values):
    with torch.no_grad():
        for parameter, value in zip(module.parameters(), values, strict=True):
            parameter.copy_(value)
    return module


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_cell_equals_pytorch(reference, dtype):
    x, (h, c) = draw(N, D, dtype=dtype), states(dtype)
    expected = load(nn.LSTMCell(D, H, dtype=dtype), parameters(dtype))(x, (h, c))
    got = reference.lstm_cell(x, h, c, *parameters(dtype))
    for actual, wanted in zip(got, expected, strict=True):
        assert actual.dtype == dtype
        torch.testing.assert_close(actual, wanted.detach(), rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype])


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("steps", [1, T, N])
def test_sequence_equals_pytorch(reference, dtype, steps):
    x, (h0, c0) = draw(N, steps, D, dtype=dtype), states(dtype)
    module = load(nn.LSTM(D, H, batch_first=True, dtype=dtype), parameters(dtype))
    expected, (h_n, c_n) = module(x, (h0[None], c0[None]))
    outputs, (h_last, c_last) = reference.lstm(x, h0, c0, *parameters(dtype))
    for actual, wanted in [(outputs, expected), (h_last, h_n[0]), (c_last, c_n[0])]:
        assert actual.dtype == dtype
        assert actual.shape == wanted.shape
        torch.testing.assert_close(actual, wanted.detach(), rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype])


def test_no_steps_give_the_initial_state(reference):
    h0, c0 = states()
    outputs, (h_n, c_n) = reference.lstm(torch.zeros(N, 0, D, dtype=torch.float64), h0, c0, *parameters())
    assert outputs.shape == (N, 0, H)
    assert outputs.dtype == torch.float64
    assert torch.equal(h_n, h0)
    assert torch.equal(c_n, c0)


def test_gradients_of_all_arguments(reference):
    arguments = [draw(N, D), *states(), *parameters()]
    assert torch.autograd.gradcheck(reference.lstm_cell, [a.requires_grad_() for a in arguments])


def test_gradients_flow_through_time(reference):
    x, (h0, c0), values = draw(N, T, D), states(), parameters()
    inputs = [a.requires_grad_() for a in (x, h0, c0, *values)]
    outputs, (h_n, c_n) = reference.lstm(*inputs)
    got = torch.autograd.grad(outputs.square().sum() + h_n.sum() + 2 * c_n.sum(), inputs)
    module = load(nn.LSTM(D, H, batch_first=True, dtype=torch.float64), values)
    outputs, (h_n, c_n) = module(x, (h0[None], c0[None]))
    loss = outputs.square().sum() + h_n.sum() + 2 * c_n.sum()
    expected = torch.autograd.grad(loss, [x, h0, c0, *module.parameters()])
    for actual, wanted in zip(got, expected, strict=True):
        torch.testing.assert_close(actual, wanted, rtol=1e-10, atol=1e-12)


def test_inputs_stay_as_they_were(reference):
    arguments = [draw(N, T, D), *states(), *parameters()]
    copies = [a.clone() for a in arguments]
    reference.lstm(*arguments)
    assert all(torch.equal(a, b) for a, b in zip(arguments, copies, strict=True))


GOOD_CELL = [(N, D), (N, H), (N, H), (4 * H, D), (4 * H, H), (4 * H,), (4 * H,)]


@pytest.mark.parametrize(
    ("position", "shapes"),
    [
        (0, [(D,), (N, T, D), (N + 1, D), (N, D + 1)]),
        (1, [(H,), (N, H + 1)]),
        (2, [(1, H), (N, H + 1)]),
        (3, [(D, 4 * H), (3 * H, D)]),
        (4, [(H, 4 * H)]),
        (5, [(H,)]),
        (6, [(4 * H, 1)]),
    ],
)
def test_cell_rejects_wrong_shapes(reference, position, shapes):
    for shape in shapes:
        arguments = [torch.zeros(s) for s in GOOD_CELL]
        arguments[position] = torch.zeros(shape)
        with pytest.raises(ValueError, match=r"shape|dimensions"):
            reference.lstm_cell(*arguments)


@pytest.mark.parametrize("steps", [T, 0])
@pytest.mark.parametrize(
    ("position", "shape"), [(0, (N, D)), (1, (1, N, H)), (2, (N + 1, H)), (3, (4 * H, H + D)), (6, (H,))]
)
def test_sequence_rejects_wrong_shapes(reference, steps, position, shape):
    shapes = [(N, steps, D), *GOOD_CELL[1:]]
    shapes[position] = shape
    with pytest.raises(ValueError, match=r"shape|dimensions"):
        reference.lstm(*[torch.zeros(s) for s in shapes])
