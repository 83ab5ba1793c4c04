"""LSTM (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000) in PyTorch's i, f, g, o layout."""

import torch


def check_shapes(x, ndim, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    if x.ndim != ndim:
        raise ValueError(f"x must have {ndim} dimensions, not {x.ndim}")
    if h.ndim != 2:
        raise ValueError(f"the hidden state must have 2 dimensions, not {h.ndim}")
    batch, features, hidden = x.shape[0], x.shape[-1], h.shape[1]
    for name, tensor, expected in [
        ("the hidden state", h, (batch, hidden)),
        ("the cell state", c, (batch, hidden)),
        ("weight_ih", weight_ih, (4 * hidden, features)),
        ("weight_hh", weight_hh, (4 * hidden, hidden)),
        ("bias_ih", bias_ih, (4 * hidden,)),
        ("bias_hh", bias_hh, (4 * hidden,)),
    ]:
        if tuple(tensor.shape) != expected:
            raise ValueError(f"{name} has shape {tuple(tensor.shape)}, expected {expected}")


def lstm_cell(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    check_shapes(x, 2, h, c, weight_ih, weight_hh, bias_ih, bias_hh)
    from_input = x @ weight_ih.T + bias_ih
    from_hidden = h @ weight_hh.T + bias_hh
    i, f, g, o = (from_input + from_hidden).chunk(4, dim=1)
    input_gate = torch.sigmoid(i)
    forget_gate = torch.sigmoid(f)
    candidate = torch.tanh(g)
    output_gate = torch.sigmoid(o)
    c_next = forget_gate * c + input_gate * candidate
    h_next = output_gate * torch.tanh(c_next)
    return h_next, c_next


def lstm(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    check_shapes(x, 3, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh)
    h = h0
    c = c0
    outputs = []
    for x_t in x.unbind(dim=1):
        h, c = lstm_cell(x_t, h, c, weight_ih, weight_hh, bias_ih, bias_hh)
        outputs.append(h)
    if not outputs:
        return h0.new_zeros(h0.shape[0], 0, h0.shape[1]), (h0, c0)
    return torch.stack(outputs, dim=1), (h, c)
