import torch
from torch import einsum


def check(condition, text):
    if not condition:
        raise ValueError(text)


def my_sigmoid(z):
    return 0.5 * (1 + torch.tanh(z / 2))


def lstm(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    """Works time-major; the input products of all steps are made at once."""
    check(x.ndim == 3, f"expected (N, T, D), got {tuple(x.shape)}")
    check(h0.ndim == 2 and h0.shape == c0.shape, "states must be (N, H)")
    N, T, D = x.shape
    H = h0.shape[-1]
    check(h0.shape[0] == N, "batch size of the state")
    check(list(weight_ih.shape) == [4 * H, D], "weight_ih")
    check(list(weight_hh.shape) == [4 * H, H], "weight_hh")
    check(list(bias_ih.shape) == [4 * H] == list(bias_hh.shape), "bias")
    w_x = weight_ih.reshape(4, H, D)
    w_h = weight_hh.reshape(4, H, H)
    bias = (bias_ih + bias_hh).reshape(4, 1, H)
    projected = einsum("ntd,khd->tknh", x, w_x)
    states = [(h0, c0)]
    for t in range(T):
        h, c = states[-1]
        z = projected[t] + einsum("nj,khj->knh", h, w_h) + bias
        c = my_sigmoid(z[1]) * c + my_sigmoid(z[0]) * torch.tanh(z[2])
        states.append((my_sigmoid(z[3]) * torch.tanh(c), c))
    hs = torch.stack([h for h, _ in states])  # (T+1, N, H), with h0
    return hs[1:].transpose(0, 1), states[-1]


def lstm_cell(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    check(x.ndim == 2, f"expected (N, D), got {tuple(x.shape)}")
    _, last = lstm(x[:, None, :], h, c, weight_ih, weight_hh, bias_ih, bias_hh)
    return last
