import torch


def gru_cell(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    H = h.size(1)
    Wr, Wz, Wn = weight_ih[:H], weight_ih[H : 2 * H], weight_ih[2 * H :]
    Ur, Uz, Un = weight_hh[:H], weight_hh[H : 2 * H], weight_hh[2 * H :]
    br, bz, bn = bias_ih[:H], bias_ih[H : 2 * H], bias_ih[2 * H :]
    cr, cz, cn = bias_hh[:H], bias_hh[H : 2 * H], bias_hh[2 * H :]
    reset = torch.sigmoid(x @ Wr.T + br + h @ Ur.T + cr)
    update = torch.sigmoid(x @ Wz.T + bz + h @ Uz.T + cz)
    new = torch.tanh(x @ Wn.T + bn + reset * (h @ Un.T + cn))
    return (1 - update) * new + update * h


def gru(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    rows = []
    last = []
    for n in range(x.shape[0]):
        h = h0[n : n + 1]
        row = [h[:0]]
        for t in range(x.shape[1]):
            h = gru_cell(x[n : n + 1, t], h, weight_ih, weight_hh, bias_ih, bias_hh)
            row.append(h)
        rows.append(torch.cat(row))
        last.append(h)
    return torch.stack(rows), torch.cat(last)
