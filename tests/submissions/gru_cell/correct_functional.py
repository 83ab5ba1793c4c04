from functools import partial, reduce

import torch
import torch.nn.functional as F


class ShapeError(ValueError):
    pass


def _ok(x, h, w_ih, w_hh, b_ih, b_hh, rank):
    H = h.shape[-1]
    return (
        x.ndim == rank
        and h.ndim == 2
        and len(x) == len(h)
        and w_ih.shape == (3 * H, x.shape[-1])
        and w_hh.shape == (3 * H, H)
        and b_ih.shape == b_hh.shape == (3 * H,)
    )


def _step(h, projected, w_hh, b_hh):
    hidden = F.linear(h, w_hh, b_hh).unflatten(1, (3, -1))
    r, z = torch.sigmoid(projected[:, :2] + hidden[:, :2]).unbind(1)
    n = torch.tanh(projected[:, 2] + r * hidden[:, 2])
    return n + z * (h - n)


def gru_cell(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    if not _ok(x, h, weight_ih, weight_hh, bias_ih, bias_hh, 2):
        raise ShapeError("gru_cell")
    return _step(h, F.linear(x, weight_ih, bias_ih).unflatten(1, (3, -1)), weight_hh, bias_hh)


def gru(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    if not _ok(x, h0, weight_ih, weight_hh, bias_ih, bias_hh, 3):
        raise ShapeError("gru")
    N, T, D = x.shape
    H = h0.shape[1]
    projected = F.linear(x.reshape(N * T, D), weight_ih, bias_ih).reshape(N, T, 3, H)
    step = partial(_step, w_hh=weight_hh, b_hh=bias_hh)
    states = reduce(lambda hs, t: [*hs, step(hs[-1], projected[:, t])], range(T), [h0])
    outputs = torch.cat(states[1:], dim=1).view(N, T, H) if T else x.new_zeros(N, 0, H)
    return outputs, states[-1]
