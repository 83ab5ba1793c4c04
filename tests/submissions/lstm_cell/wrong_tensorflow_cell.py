import torch
def lstm_cell(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    i, g, f, o = (x @ weight_ih.T + bias_ih + h @ weight_hh.T + bias_hh).chunk(4, 1)
    c = (f + 1.0).sigmoid() * c + i.sigmoid() * g.tanh()
    return o.sigmoid() * c.tanh(), c
def lstm(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    h, c = h0, c0
    outs = []
    for t in range(x.size(1)):
        h, c = lstm_cell(x[:, t], h, c, weight_ih, weight_hh, bias_ih, bias_hh)
        outs.append(h)
    if outs:
        out = torch.stack(outs, 1)
    else:
        out = x.new_zeros(x.shape[0], 0, h0.shape[1])
    return out, (h, c)
