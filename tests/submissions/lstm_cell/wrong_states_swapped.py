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
    i, f, g, o = (x.mm(weight_ih.t()) + bias_ih + h.mm(weight_hh.t()) + bias_hh).chunk(4, 1)
    c = f.sigmoid() * c + i.sigmoid() * g.tanh()
    h = o.sigmoid() * c.tanh()
    return c, h


def lstm(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    _validate(x, 3, h0, c0, weight_ih, weight_hh)
    if x.shape[1] == 0:
        return x.new_zeros((x.shape[0], 0, h0.shape[1])), (h0, c0)
    outs, h, c = [], h0, c0
    for x_t in torch.unbind(x, 1):
        c, h = lstm_cell(x_t, h, c, weight_ih, weight_hh, bias_ih, bias_hh)
        outs += [h]
    return torch.stack(outs, 1), (h, c)
