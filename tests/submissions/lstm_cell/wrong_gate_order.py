import torch
import torch.nn.functional as F


def _validate(x, nd, h, c, w_ih, w_hh):
    if x.dim() != nd:
        raise ValueError("x has the wrong number of dimensions")
    H = h.shape[1]
    if h.shape[0] != x.shape[0] or c.shape != h.shape:
        raise ValueError("state does not match x")
    if w_ih.shape[0] != 4 * H or w_ih.shape[1] != x.shape[-1] or w_hh.shape != (4 * H, H):
        raise ValueError("weights do not match")


def lstm_cell(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    _validate(x, 2, h, c, weight_ih, weight_hh)
    H = h.shape[1]
    z = F.linear(x, weight_ih, bias_ih) + F.linear(h, weight_hh, bias_hh)
    i = torch.sigmoid(z[:, 0:H])
    f = torch.sigmoid(z[:, H : 2 * H])
    o = torch.sigmoid(z[:, 2 * H : 3 * H])
    c_tilde = torch.tanh(z[:, 3 * H :])
    c = f * c + i * c_tilde
    return o * torch.tanh(c), c


def lstm(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    _validate(x, 3, h0, c0, weight_ih, weight_hh)
    outs = torch.zeros(x.shape[0], x.shape[1], h0.shape[1], dtype=x.dtype)
    h, c = h0, c0
    for t in range(x.shape[1]):
        h, c = lstm_cell(x[:, t], h, c, weight_ih, weight_hh, bias_ih, bias_hh)
        outs[:, t, :] = h
    return outs, (h, c)
