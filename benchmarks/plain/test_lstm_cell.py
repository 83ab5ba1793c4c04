"""A suite for lstm_cell as one would write it for bare pytest: the submission is a module beside it."""

import pytest
import submission
import torch

torch.manual_seed(0)


def parameters(dtype, features=4, hidden=3):
    cell = torch.nn.LSTM(features, hidden, batch_first=True).to(dtype)
    return cell, [p.detach() for p in (cell.weight_ih_l0, cell.weight_hh_l0, cell.bias_ih_l0, cell.bias_hh_l0)]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("batch", [1, 5])
def test_cell(batch, dtype):
    lstm, weights = parameters(dtype)
    x, h, c = torch.randn(batch, 4, dtype=dtype), torch.randn(batch, 3, dtype=dtype), torch.randn(batch, 3, dtype=dtype)
    got_h, got_c = submission.lstm_cell(x, h, c, *weights)
    _, (h_n, c_n) = lstm(x[:, None], (h[None], c[None]))
    torch.testing.assert_close((got_h, got_c), (h_n[0], c_n[0]))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("steps", [1, 6])
def test_sequence(steps, dtype):
    lstm, weights = parameters(dtype)
    x, h, c = torch.randn(2, steps, 4, dtype=dtype), torch.randn(2, 3, dtype=dtype), torch.randn(2, 3, dtype=dtype)
    outputs, (h_n, c_n) = submission.lstm(x, h, c, *weights)
    wanted, (want_h, want_c) = lstm(x, (h[None], c[None]))
    torch.testing.assert_close((outputs, h_n, c_n), (wanted, want_h[0], want_c[0]))


@pytest.mark.parametrize("leaf", [0, 1])
def test_gradients(leaf):
    lstm, weights = parameters(torch.float64)
    x, h, c = (torch.randn(*shape, dtype=torch.float64, requires_grad=True) for shape in ((2, 5, 4), (2, 3), (2, 3)))
    got = torch.autograd.grad(submission.lstm(x, h, c, *weights)[0].sum(), (x, h)[leaf])
    wanted = torch.autograd.grad(lstm(x, (h[None], c[None]))[0].sum(), (x, h)[leaf])
    torch.testing.assert_close(got, wanted)
