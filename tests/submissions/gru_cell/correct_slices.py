import torch


def _shape(t, *want):
    if tuple(t.shape) != want:
        raise ValueError(f"got {tuple(t.shape)} but wanted {want}")


def gru_cell(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    if x.dim() != 2 or h.dim() != 2:
        raise ValueError("x and h must be 2-D")
    N, D = x.shape
    H = h.shape[1]
    _shape(h, N, H)
    _shape(weight_ih, 3 * H, D)
    _shape(weight_hh, 3 * H, H)
    _shape(bias_ih, 3 * H)
    _shape(bias_hh, 3 * H)

    def block(k):
        rows = slice(k * H, (k + 1) * H)
        return x.mm(weight_ih[rows].t()) + bias_ih[rows], h.mm(weight_hh[rows].t()) + bias_hh[rows]

    a, b = block(0)
    r = (a + b).sigmoid()
    a, b = block(1)
    z = (a + b).sigmoid()
    a, b = block(2)
    n = (a + r * b).tanh()
    return torch.lerp(n, h, z)


def gru(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    if x.dim() != 3 or h0.dim() != 2:
        raise ValueError("x must be 3-D, h0 2-D")
    if x.shape[0] != h0.shape[0] or x.shape[2] != weight_ih.shape[1]:
        raise ValueError("x does not fit")
    steps = [h0]
    for x_t in x.permute(1, 0, 2):
        steps.append(gru_cell(x_t, steps[-1], weight_ih, weight_hh, bias_ih, bias_hh))
    return torch.stack(steps, dim=1)[:, 1:], steps[-1]
