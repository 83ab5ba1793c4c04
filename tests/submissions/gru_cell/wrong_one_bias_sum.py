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
    bias = bias_ih + bias_hh
    gi = x @ weight_ih.T + bias
    gh = h @ weight_hh.T
    i_r, i_z, i_n = gi.chunk(3, 1)
    h_r, h_z, h_n = gh.chunk(3, 1)
    r = torch.sigmoid(i_r + h_r)
    z = torch.sigmoid(i_z + h_z)
    n = torch.tanh(i_n + r * h_n)
    return n - z * n + z * h


def gru(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    check(x, 3, h0, weight_ih, weight_hh)
    h = h0
    outputs = x.new_zeros(x.shape[0], x.shape[1], h.shape[1])
    for t in range(x.shape[1]):
        h = gru_cell(x[:, t], h, weight_ih, weight_hh, bias_ih, bias_hh)
        outputs[:, t] = h
    return outputs, h
