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
    H = h.size(1)
    gates = torch.sigmoid(
        torch.nn.functional.linear(x, weight_ih[: 2 * H], bias_ih[: 2 * H])
        + torch.nn.functional.linear(h, weight_hh[: 2 * H], bias_hh[: 2 * H])
    )
    reset, update = gates[:, :H], gates[:, H:]
    candidate = torch.tanh(
        torch.nn.functional.linear(x, weight_ih[2 * H :], bias_ih[2 * H :])
        + torch.nn.functional.linear(reset * h, weight_hh[2 * H :], bias_hh[2 * H :])
    )
    return update * h + (1 - update) * candidate


def gru(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    check(x, 3, h0, weight_ih, weight_hh)
    h = h0
    outputs = x.new_zeros(x.shape[0], x.shape[1], h.shape[1])
    for t in range(x.shape[1]):
        h = gru_cell(x[:, t], h, weight_ih, weight_hh, bias_ih, bias_hh)
        outputs[:, t] = h
    return outputs, h
