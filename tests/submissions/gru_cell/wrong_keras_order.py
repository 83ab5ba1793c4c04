import torch


def check(x, dims, h, weight_ih, weight_hh):
    if x.ndim != dims or h.ndim != 2:
        raise ValueError("wrong rank")
    if x.shape[0] != h.shape[0] or weight_ih.shape != (3 * h.shape[1], x.shape[-1]):
        raise ValueError("shapes do not match")
    if weight_hh.shape != (3 * h.shape[1], h.shape[1]):
        raise ValueError("shapes do not match")


def gru_cell(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    check(x, 2, h, weight_ih, weight_hh)
    Wz, Wr, Wn = weight_ih.chunk(3)
    Uz, Ur, Un = weight_hh.chunk(3)
    bz, br, bn = bias_ih.chunk(3)
    cz, cr, cn = bias_hh.chunk(3)
    z = torch.sigmoid(x @ Wz.T + bz + h @ Uz.T + cz)
    r = torch.sigmoid(x @ Wr.T + br + h @ Ur.T + cr)
    n = torch.tanh(x @ Wn.T + bn + r * (h @ Un.T + cn))
    return (1 - z) * n + z * h


def gru(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    check(x, 3, h0, weight_ih, weight_hh)
    h = h0
    outputs = x.new_zeros(x.shape[0], x.shape[1], h.shape[1])
    for t in range(x.shape[1]):
        h = gru_cell(x[:, t], h, weight_ih, weight_hh, bias_ih, bias_hh)
        outputs[:, t] = h
    return outputs, h
