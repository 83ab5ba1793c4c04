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
    i, f, g, o = (F.linear(x, weight_ih, bias_ih) + F.linear(h, weight_hh, bias_hh)).chunk(4, 1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


def lstm(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    _validate(x, 3, h0, c0, weight_ih, weight_hh)
    if x.shape[1] == 0:
        return h0.new_zeros(len(h0), 0, h0.shape[1]), (h0, c0)
    net = torch.nn.LSTM(x.shape[-1], h0.shape[-1], batch_first=True).to(x.dtype)
    names = ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"]
    out, (h, c) = torch.func.functional_call(
        net, dict(zip(names, [weight_ih, weight_hh, bias_ih, bias_hh])), (x, (h0[None], c0[None]))
    )
    return out, (h[0], c[0])
