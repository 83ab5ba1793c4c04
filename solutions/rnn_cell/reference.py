"""The simple recurrent network (Elman 1990) in PyTorch's layout, with one bias for the input and one for the state."""

import torch


def check_shapes(x, ndim, h, weight_ih, weight_hh, bias_ih, bias_hh):
    if x.ndim != ndim:
        raise ValueError(f"x must have {ndim} dimensions, not {x.ndim}")
    if h.ndim != 2:
        raise ValueError(f"the hidden state must have 2 dimensions, not {h.ndim}")
    batch, features, hidden = x.shape[0], x.shape[-1], h.shape[1]
    for name, tensor, expected in [
        ("the hidden state", h, (batch, hidden)),
        ("weight_ih", weight_ih, (hidden, features)),
        ("weight_hh", weight_hh, (hidden, hidden)),
        ("bias_ih", bias_ih, (hidden,)),
        ("bias_hh", bias_hh, (hidden,)),
    ]:
        if tuple(tensor.shape) != expected:
            raise ValueError(f"{name} has shape {tuple(tensor.shape)}, expected {expected}")


def rnn_cell(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    check_shapes(x, 2, h, weight_ih, weight_hh, bias_ih, bias_hh)
    from_input = x @ weight_ih.T + bias_ih
    from_hidden = h @ weight_hh.T + bias_hh
    return torch.tanh(from_input + from_hidden)


def rnn(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    check_shapes(x, 3, h0, weight_ih, weight_hh, bias_ih, bias_hh)
    h = h0
    outputs = []
    for x_t in x.unbind(dim=1):
        h = rnn_cell(x_t, h, weight_ih, weight_hh, bias_ih, bias_hh)
        outputs.append(h)
    if not outputs:
        return h0.new_zeros(h0.shape[0], 0, h0.shape[1]), h0
    return torch.stack(outputs, dim=1), h
