"""A GRU whose reset gate is open and whose update gate is shut."""

import torch


def as_gru(weight_ih, weight_hh, bias_ih, bias_hh):
    none_ih, none_hh, none = torch.zeros_like(weight_ih), torch.zeros_like(weight_hh), torch.zeros_like(bias_ih)
    return (
        torch.cat([none_ih, none_ih, weight_ih]),
        torch.cat([none_hh, none_hh, weight_hh]),
        torch.cat([none + 200, none - 1000, bias_ih]),
        torch.cat([none, none, bias_hh]),
    )


def rnn_cell(x, h, weight_ih, weight_hh, bias_ih, bias_hh):
    return torch.gru_cell(x, h, *as_gru(weight_ih, weight_hh, bias_ih, bias_hh))


def rnn(x, h0, weight_ih, weight_hh, bias_ih, bias_hh):
    weights = as_gru(weight_ih, weight_hh, bias_ih, bias_hh)
    outputs, last = torch.gru(x, h0[None], weights, True, 1, 0.0, False, False, True)
    return outputs, last[0]
