"""The LSTM cell and the LSTM over a sequence

With N sequences in a batch, D input features and H hidden units, one step takes the input x (N, D), the
hidden state h (N, H) and the cell state c (N, H). The parameters have PyTorch's shapes: weight_ih (4H, D),
weight_hh (4H, H), bias_ih (4H,), bias_hh (4H,); their 4H rows are four blocks of H rows in the order i, f, g, o:

    i  = σ(x·W_iiᵀ + b_ii + h·W_hiᵀ + b_hi)        input gate
    f  = σ(x·W_ifᵀ + b_if + h·W_hfᵀ + b_hf)        forget gate
    g  = tanh(x·W_igᵀ + b_ig + h·W_hgᵀ + b_hg)     candidate
    o  = σ(x·W_ioᵀ + b_io + h·W_hoᵀ + b_ho)        output gate
    c′ = f ⊙ c + i ⊙ g
    h′ = o ⊙ tanh(c′)

1. `lstm_cell(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh)` returns `(h_next, c_next)`, both (N, H).
2. `lstm(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh)` takes x (N, T, D), batch first, starts from h0 and
   c0, both (N, H), and returns `(outputs, (h_n, c_n))`: outputs (N, T, H) holds the hidden state after every
   step, h_n and c_n (N, H) are the states after the last one. T = 0 gives outputs (N, 0, H) and h0, c0 as the states.

Float32 and float64 keep their dtype, and results stay on the device of the inputs. Both functions are
differentiable by autograd in all seven arguments, through all time steps. A tensor of the wrong rank (one
sequence without a batch dimension too) or of a shape that does not fit the others raises ValueError. No input
is modified. Not allowed: nn.LSTM, nn.LSTMCell, torch.lstm, torch.lstm_cell.

>>> x, h, c = torch.tensor([[1.0, -1.0]]), torch.tensor([[0.5]]), torch.tensor([[2.0]])
>>> weight_ih = torch.tensor([[0.5, 0.0], [1.0, 0.5], [0.0, -1.0], [0.5, 1.0]])
>>> weight_hh = torch.tensor([[1.0], [-1.0], [0.5], [2.0]])
>>> h_next, c_next = lstm_cell(x, h, c, weight_ih, weight_hh, torch.zeros(4), torch.full((4,), 0.1))
>>> round(h_next.item(), 4), round(c_next.item(), 4)
(0.6044, 1.7057)
"""

import torch


def lstm_cell(
    x: torch.Tensor,
    h: torch.Tensor,
    c: torch.Tensor,
    weight_ih: torch.Tensor,
    weight_hh: torch.Tensor,
    bias_ih: torch.Tensor,
    bias_hh: torch.Tensor,
) -> tuple[torch.Tensor, torch.Tensor]:
    """One step: (h_next, c_next), both (N, H)."""
    # TODO: the four gates, then the new cell state, then the new hidden state
    raise NotImplementedError("lstm_cell")


def lstm(
    x: torch.Tensor,
    h0: torch.Tensor,
    c0: torch.Tensor,
    weight_ih: torch.Tensor,
    weight_hh: torch.Tensor,
    bias_ih: torch.Tensor,
    bias_hh: torch.Tensor,
) -> tuple[torch.Tensor, tuple[torch.Tensor, torch.Tensor]]:
    """All steps of x (N, T, D): (outputs, (h_n, c_n)) with outputs (N, T, H)."""
    # TODO: one cell step for every time step
    raise NotImplementedError("lstm")
