import torch


def gru_cell(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    xr, xz, xn = (x @ weight_ih.T + bias_ih).chunk(3, dim=1)
    hr, hz, hn = (h @ weight_hh.T + bias_hh).chunk(3, dim=1)
    r = torch.sigmoid(xr + hr)
    z = torch.sigmoid(xz + hz)
    n = torch.tanh(xn + r * hn)
    return (1 - z) * n + z * h


def gru(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    h = h0
    outputs = []
    for t in range(x.shape[1]):
        h = gru_cell(x[:, t], h, weight_ih, weight_hh, bias_ih, bias_hh)
        outputs.append(h)
    if not outputs:
        return x.new_zeros(x.shape[0], 0, h0.shape[1]), h0
    return torch.stack(outputs, dim=1).squeeze(), h
