import torch


def rnn_cell(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    """tanh([x, h] · [W_ih, W_hh]ᵀ + b), one product."""
    if x.dim() != 2 or h.dim() != 2 or x.size(0) != h.size(0):
        raise ValueError("x must be (N, D) and h (N, H)")
    H, D = h.size(1), x.size(1)
    if weight_ih.shape != torch.Size([H, D]) or weight_hh.shape != torch.Size([H, H]):
        raise ValueError("weights do not fit")
    if bias_ih.shape != torch.Size([H]) or bias_hh.shape != torch.Size([H]):
        raise ValueError("biases do not fit")
    W = torch.cat([weight_ih, weight_hh], dim=1)
    z = torch.cat([x, h], dim=1)
    return torch.addmm(bias_ih + bias_hh, z, W.t()).tanh()


def rnn(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    if x.dim() != 3 or x.size(0) != h0.size(0) or x.size(2) != weight_ih.size(1):
        raise ValueError("x must be (N, T, D)")
    N, T, _ = x.size()
    out = torch.zeros(N, T, h0.size(1), dtype=x.dtype, device=x.device)
    h = h0
    for t in range(T):
        h = rnn_cell(x[:, t], h, weight_ih, weight_hh, bias_ih, bias_hh)
        out[:, t] = h
    return out, h
