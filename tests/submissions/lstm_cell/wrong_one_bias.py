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
    W = torch.cat((weight_ih, weight_hh), 1)
    z = torch.cat((x, h), 1) @ W.T + bias_ih
    i, f, g, o = z.tensor_split(4, dim=1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


def lstm(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    _validate(x, 3, h0, c0, weight_ih, weight_hh)
    h, c = h0, c0
    y = []
    for t in range(x.shape[1]):
        h, c = lstm_cell(x[:, t], h, c, weight_ih, weight_hh, bias_ih, bias_hh)
        y.append(h)
    return (torch.stack(y, dim=1) if y else h0.new_zeros(len(h0), 0, h0.shape[1])), (h, c)
