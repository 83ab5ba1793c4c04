import torch


def lstm_cell(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    """One step: (h_next, c_next), both (N, H)."""
    if x.ndim != 2 or h.ndim != 2 or x.shape[0] != h.shape[0]:
        raise ValueError("x must be (N, D), h (N, H)")
    hidden = h.shape[1]
    if weight_ih.shape != (4 * hidden, x.shape[1]) or weight_hh.shape != (4 * hidden, hidden) or c.shape != h.shape:
        raise ValueError("shapes do not fit")
    a = torch.addmm(bias_ih, x, weight_ih.T) + torch.addmm(bias_hh, h, weight_hh.T)
    a = a.view(-1, 4, hidden)
    c_next = a[:, 1].sigmoid() * c + a[:, 0].sigmoid() * a[:, 2].tanh()
    return a[:, 3].sigmoid() * c_next.tanh(), c_next


def lstm(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    """All steps of x (N, T, D): (outputs, (h_n, c_n)) with outputs (N, T, H)."""
    # TODO: one cell step for every time step
    raise NotImplementedError("lstm")
