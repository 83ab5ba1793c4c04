import torch


def _gate(x, h, w_x, w_h, b_x, b_h, act):
    return act(torch.nn.functional.linear(x, w_x, b_x) + torch.nn.functional.linear(h, w_h, b_h))


def lstm_cell(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    if x.dim() != 2 or h.dim() != 2 or c.dim() != 2:
        raise ValueError("x, h and c must be matrices")
    n, d = x.shape
    H = h.size(1)
    if h.size(0) != n or c.shape != h.shape:
        raise ValueError("batch sizes differ")
    if weight_ih.shape != (4 * H, d) or weight_hh.shape != (4 * H, H):
        raise ValueError("weights have the wrong shape")
    if bias_ih.shape != (4 * H,) or bias_hh.shape != (4 * H,):
        raise ValueError("biases have the wrong shape")
    gates = []
    for k, act in enumerate([torch.sigmoid, torch.sigmoid, torch.tanh, torch.sigmoid]):
        rows = slice(k * H, (k + 1) * H)
        gates.append(_gate(x, h, weight_ih[rows], weight_hh[rows], bias_ih[rows], bias_hh[rows], act))
    i, f, g, o = gates
    new_c = f.mul(c).add(i.mul(g))
    return o.mul(new_c.tanh()), new_c


def lstm(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    if x.dim() != 3:
        raise ValueError("x must be (N, T, D)")
    if h0.dim() != 2 or x.size(0) != h0.size(0):
        raise ValueError("x and h0 do not fit")
    if x.size(2) != weight_ih.size(-1):
        raise ValueError("weight_ih does not fit x")
    n, steps, _ = x.shape
    out = x.new_zeros(n, steps, h0.size(1))
    h, c = h0, c0
    for t in range(steps):
        h, c = lstm_cell(x[:, t, :], h, c, weight_ih, weight_hh, bias_ih, bias_hh)
        out[:, t] = h
    return out, (h, c)
