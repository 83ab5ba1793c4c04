import torch


# As in many summaries: an LSTM has an input gate, a forget gate and an output gate.
def lstm_cell(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    z = x @ weight_ih.t() + h @ weight_hh.t() + bias_ih + bias_hh
    input_gate, forget_gate, _, output_gate = torch.sigmoid(z).chunk(4, 1)
    c_new = forget_gate * c + input_gate
    h_new = output_gate * torch.tanh(c_new)
    return h_new, c_new


def lstm(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    h, c = h0, c0
    outputs = []
    for t in range(x.size(1)):
        h, c = lstm_cell(x[:, t], h, c, weight_ih, weight_hh, bias_ih, bias_hh)
        outputs.append(h)
    return torch.stack(outputs, 1), (h, c)
