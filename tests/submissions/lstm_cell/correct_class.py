from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor


class State(NamedTuple):
    h: Tensor
    c: Tensor


@dataclass
class Cell:
    weight: Tensor  # (4H, D + H)
    bias: Tensor

    def __call__(self, x: Tensor, state: State) -> State:
        z = torch.cat([x, state.h], dim=1).matmul(self.weight.t()) + self.bias
        hidden = state.h.shape[1]
        i = 1 / (1 + torch.exp(-z[:, :hidden]))
        f = 1 / (1 + torch.exp(-z[:, hidden : 2 * hidden]))
        g = torch.tanh(z[:, 2 * hidden : 3 * hidden])
        o = 1 / (1 + torch.exp(-z[:, 3 * hidden :]))
        c = torch.addcmul(f * state.c, i, g)
        return State(h=o * torch.tanh(c), c=c)


def _prepare(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh, ndim):
    hidden = h.shape[-1]
    good = (
        x.ndim == ndim
        and h.ndim == c.ndim == 2
        and h.shape == c.shape
        and h.shape[0] == x.shape[0]
        and tuple(weight_ih.shape) == (4 * hidden, x.shape[-1])
        and tuple(weight_hh.shape) == (4 * hidden, hidden)
        and bias_ih.shape == bias_hh.shape == (4 * hidden,)
    )
    if not good:
        raise ValueError("shapes do not match")
    return Cell(torch.cat([weight_ih, weight_hh], dim=1), bias_ih + bias_hh), State(h, c)


def lstm_cell(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    cell, state = _prepare(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh, 2)
    return cell(x, state)


def lstm(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh):
    cell, state = _prepare(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh, 3)
    outputs = [h0.new_empty(h0.shape[0], 0, h0.shape[1])]
    for t in range(x.shape[1]):
        state = cell(x.select(1, t), state)
        outputs.append(state.h.unsqueeze(1))
    return torch.cat(outputs, dim=1), state
