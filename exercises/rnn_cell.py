"""The recurrent cell and the recurrent network over a sequence

With N sequences in a batch, D input features and H hidden units, one step takes the input x (N, D) and the
hidden state h (N, H). The parameters have PyTorch's shapes: weight_ih (H, D), weight_hh (H, H), bias_ih (H,),
bias_hh (H,):

    h′ = tanh(x·W_ihᵀ + b_ih + h·W_hhᵀ + b_hh)

1. `rnn_cell(x, h, weight_ih, weight_hh, bias_ih, bias_hh)` returns h′ (N, H).
2. `rnn(x, h0, weight_ih, weight_hh, bias_ih, bias_hh)` takes x (N, T, D), batch first, starts from h0 (N, H) and
   returns `(outputs, h_n)`: outputs (N, T, H) holds the hidden state after every step, in the order of time, and
   h_n (N, H) is the one after the last step. T = 0 gives outputs (N, 0, H) and h0 as h_n.

Float32 and float64 keep their dtype, and results stay on the device of the inputs. Both functions are
differentiable by autograd in all six arguments, through all time steps and through both results. A tensor of
the wrong rank (one sequence without a batch dimension too) or of a shape that does not fit the others raises
ValueError. No input is modified. Not allowed: nn.RNN, nn.RNNCell, torch.rnn_tanh, torch.rnn_tanh_cell,
nor torch's GRU in their place.

>>> x = torch.tensor([[[1.0, -1.0], [0.5, 2.0]]])
>>> weight_ih, weight_hh = torch.tensor([[0.5, -0.5]]), torch.tensor([[2.0]])
>>> outputs, h_n = rnn(x, torch.tensor([[0.5]]), weight_ih, weight_hh, torch.tensor([0.1]), torch.tensor([-0.3]))
>>> [round(value, 4) for value in outputs.flatten().tolist()], round(h_n.item(), 4)
([0.9468, 0.7369], 0.7369)
"""

import torch


def rnn_cell(
    x: torch.Tensor,
    h: torch.Tensor,
    weight_ih: torch.Tensor,
    weight_hh: torch.Tensor,
    bias_ih: torch.Tensor,
    bias_hh: torch.Tensor,
) -> torch.Tensor:
    """One step: the next hidden state (N, H)."""
    # TODO
    raise NotImplementedError("rnn_cell")


def rnn(
    x: torch.Tensor,
    h0: torch.Tensor,
    weight_ih: torch.Tensor,
    weight_hh: torch.Tensor,
    bias_ih: torch.Tensor,
    bias_hh: torch.Tensor,
) -> tuple[torch.Tensor, torch.Tensor]:
    """All steps of x (N, T, D): (outputs, h_n) with outputs (N, T, H) and h_n (N, H)."""
    # TODO: one cell step for every time step
    raise NotImplementedError("rnn")
