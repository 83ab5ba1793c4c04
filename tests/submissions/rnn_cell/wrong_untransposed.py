import torch


def rnn_cell(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    return torch.tanh(torch.matmul(x, weight_ih) + bias_ih + torch.matmul(h, weight_hh) + bias_hh)


def rnn(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    outs = []
    h = h0
    for t in range(x.shape[1]):
        h = rnn_cell(x[:, t], h, weight_ih, weight_hh, bias_ih, bias_hh)
        outs.append(h)
    return torch.stack(outs, dim=1), h
