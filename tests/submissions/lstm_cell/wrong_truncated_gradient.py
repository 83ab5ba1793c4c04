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


def one_step(x, h, c, w1, w2, b1, b2):
    i, f, g, o = torch.split(F.linear(x, w1, b1) + F.linear(h, w2, b2), h.shape[1], dim=1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


def lstm_cell(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    _validate(x, 2, h, c, weight_ih, weight_hh)
    return one_step(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh)


def lstm(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    _validate(x, 3, h0, c0, weight_ih, weight_hh)
    outputs = x.new_empty(x.shape[0], 0, h0.shape[1])
    h, c = h0, c0
    for t in range(x.shape[1]):
        h, c = one_step(x[:, t], h, c.data, weight_ih, weight_hh, bias_ih, bias_hh)
        outputs = torch.cat([outputs, h.unsqueeze(1)], dim=1)
    return outputs, (h, c)
