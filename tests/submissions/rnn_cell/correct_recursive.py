import torch
from torch.nn.functional import linear


def _expect(tensor, *shape):
    if tuple(tensor.shape) != shape:
        raise ValueError(f"expected {shape}, got {tuple(tensor.shape)}")


def _check(x, h, w_x, w_h, b_x, b_h):
    if h.ndim != 2:
        raise ValueError("h must be (N, H)")
    n, k = h.shape
    _expect(w_x, k, x.shape[-1])
    _expect(w_h, k, k)
    _expect(b_x, k)
    _expect(b_h, k)
    if x.shape[0] != n:
        raise ValueError("batch")


def rnn_cell(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    if x.ndim != 2:
        raise ValueError("x must be (N, D)")
    _check(x, h, weight_ih, weight_hh, bias_ih, bias_hh)
    a = linear(x, weight_ih, bias_ih) + linear(h, weight_hh, bias_hh)
    return 1 - 2 / (torch.exp(2 * a) + 1)


def rnn(x, h0, *parameters):
    if x.ndim != 3:
        raise ValueError("x must be (N, T, D)")
    _check(x, h0, *parameters)
    if x.shape[1] == 0:
        return h0[:, None, :][:, :0], h0
    before, h = rnn(x[:, :-1], h0, *parameters)
    h = rnn_cell(x[:, -1], h, *parameters)
    return torch.cat((before, h.unsqueeze(1)), dim=1), h
