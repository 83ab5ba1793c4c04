import torch


def check(x, dims, h, weight_ih, weight_hh):
    if x.ndim != dims or h.ndim != 2:
        raise ValueError("wrong rank")
    if x.shape[0] != h.shape[0] or weight_ih.shape != (3 * h.shape[1], x.shape[-1]):
        raise ValueError("shapes do not match")
    if weight_hh.shape != (3 * h.shape[1], h.shape[1]):
        raise ValueError("shapes do not match")


# As in Chung et al.: h = (1 - z) h + z h~
def gru_cell(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    check(x, 2, h, weight_ih, weight_hh)
    W_r, W_z, W_h = torch.split(weight_ih, h.size(1))
    U_r, U_z, U_h = torch.split(weight_hh, h.size(1))
    b_r, b_z, b_h = torch.split(bias_ih, h.size(1))
    d_r, d_z, d_h = torch.split(bias_hh, h.size(1))
    r = torch.sigmoid(x @ W_r.T + h @ U_r.T + b_r + d_r)
    z = torch.sigmoid(x @ W_z.T + h @ U_z.T + b_z + d_z)
    h_tilde = torch.tanh(x @ W_h.T + (r * h) @ U_h.T + b_h + d_h)
    return (1 - z) * h + z * h_tilde


def gru(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    check(x, 3, h0, weight_ih, weight_hh)
    h = h0
    outputs = x.new_zeros(x.shape[0], x.shape[1], h.shape[1])
    for t in range(x.shape[1]):
        h = gru_cell(x[:, t], h, weight_ih, weight_hh, bias_ih, bias_hh)
        outputs[:, t] = h
    return outputs, h
