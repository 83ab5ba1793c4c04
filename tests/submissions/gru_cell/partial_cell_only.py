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
    i_r, i_z, i_n = (x @ weight_ih.T + bias_ih).chunk(3, 1)
    h_r, h_z, h_n = (h @ weight_hh.T + bias_hh).chunk(3, 1)
    r = torch.sigmoid(i_r + h_r)
    z = torch.sigmoid(i_z + h_z)
    return (1 - z) * torch.tanh(i_n + r * h_n) + z * h


def gru(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    """All steps of x (N, T, D): (outputs, h_n) with outputs (N, T, H) and h_n (N, H)."""
    # TODO: one cell step for every time step
    raise NotImplementedError("gru")
