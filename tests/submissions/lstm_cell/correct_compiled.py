import torch


@torch.compile
def lstm_cell(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    if x.ndim != 2 or x.shape[1] != weight_ih.shape[1]:
        raise ValueError("x does not fit the weights")
    if h.shape != c.shape or len(x) != len(h) or weight_hh.shape != (4 * h.shape[1], h.shape[1]):
        raise ValueError("the states do not fit")
    if len(weight_ih) != len(weight_hh) or not len(bias_ih) == len(bias_hh) == len(weight_hh):
        raise ValueError("the weights do not fit each other")
    gates = x @ weight_ih.mT + bias_ih + h @ weight_hh.mT + bias_hh
    i, f, g, o = gates.chunk(4, 1)
    c = f.sigmoid() * c + i.sigmoid() * g.tanh()
    return o.sigmoid() * c.tanh(), c


@torch.compile(mode="reduce-overhead", fullgraph=True)
def lstm(x, h0, c0, *weights):
    if x.ndim != 3 or x.shape[2] != weights[0].shape[1]:
        raise ValueError("x does not fit the weights")
    outputs, state = x.new_zeros(len(x), x.shape[1], h0.shape[1]), (h0, c0)
    for t in range(x.shape[1]):
        state = lstm_cell(x[:, t], *state, *weights)
        outputs[:, t] = state[0]
    return outputs, state
