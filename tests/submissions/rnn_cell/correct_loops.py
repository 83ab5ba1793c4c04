import torch


def one_sentence(xs, h, wx, wh, bx, bh):
    """xs: T vectors of one sentence; returns the list of its states."""
    states = []
    for v in xs:
        h = torch.tanh(wx.mv(v) + bx + wh.mv(h) + bh)
        states.append(h)
    return states


def validate(x, ndim, h, wx, wh, bx, bh):
    H = h.shape[-1]
    if len(x.shape) != ndim or len(h.shape) != 2:
        raise ValueError("wrong number of dimensions")
    if x.shape[0] != h.shape[0]:
        raise ValueError("x and h have different batch sizes")
    if tuple(wx.shape) != (H, x.shape[-1]) or tuple(wh.shape) != (H, H):
        raise ValueError("wrong weight shape")
    if tuple(bx.shape) != (H,) or tuple(bh.shape) != (H,):
        raise ValueError("wrong bias shape")


def rnn_cell(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    p = (weight_ih, weight_hh, bias_ih, bias_hh)
    validate(x, 2, h, *p)
    return torch.stack([one_sentence([x[n]], h[n], *p)[0] for n in range(len(x))])


def rnn(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    p = (weight_ih, weight_hh, bias_ih, bias_hh)
    validate(x, 3, h0, *p)
    if x.shape[1] == 0:
        return h0.new_empty(x.shape[0], 0, h0.shape[1]), h0.clone()
    outputs = torch.stack([torch.stack(one_sentence(x[n], h0[n], *p)) for n in range(len(x))])
    return outputs, outputs[:, -1]
