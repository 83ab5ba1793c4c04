"""The GRU cell and the GRU over a sequence

With N sequences in a batch, D input features and H hidden units, one step takes the input x (N, D) and the
hidden state h (N, H). The parameters have PyTorch's shapes: weight_ih (3H, D), weight_hh (3H, H), bias_ih (3H,),
bias_hh (3H,); their 3H rows are three blocks of H rows in the order r, z, n:

    r  = σ(x·W_irᵀ + b_ir + h·W_hrᵀ + b_hr)              reset gate
    z  = σ(x·W_izᵀ + b_iz + h·W_hzᵀ + b_hz)              update gate
    n  = tanh(x·W_inᵀ + b_in + r ⊙ (h·W_hnᵀ + b_hn))     candidate
    h′ = (1 − z) ⊙ n + z ⊙ h

This is PyTorch's GRU: r multiplies the hidden product together with its bias.

1. `gru_cell(x, h, weight_ih, weight_hh, bias_ih, bias_hh)` returns h′ (N, H).
2. `gru(x, h0, weight_ih, weight_hh, bias_ih, bias_hh)` takes x (N, T, D), batch first, starts from h0 (N, H) and
   returns `(outputs, h_n)`: outputs (N, T, H) holds the hidden state after every step, in the order of time, and
   h_n (N, H) is the one after the last step. T = 0 gives outputs (N, 0, H) and h0 as h_n.

Float32 and float64 keep their dtype, and results stay on the device of the inputs. Both functions are
differentiable by autograd in all six arguments, through all time steps. A tensor of the wrong rank (one
sequence without a batch dimension too) or of a shape that does not fit the others raises ValueError. No input
is modified. Not allowed: nn.GRU, nn.GRUCell, torch.gru, torch.gru_cell.

>>> x, h = torch.tensor([[1.0, -1.0]]), torch.tensor([[0.5]])
>>> weight_ih = torch.tensor([[0.5, 0.0], [1.0, 0.5], [0.0, -1.0]])
>>> weight_hh = torch.tensor([[1.0], [-1.0], [2.0]])
>>> h_next = gru_cell(x, h, weight_ih, weight_hh, torch.zeros(3), torch.tensor([0.1, -0.2, 0.3]))
>>> round(h_next.item(), 4)
0.7542
"""

import torch


def gru_cell(
    x: torch.Tensor,
    h: torch.Tensor,
    weight_ih: torch.Tensor,
    weight_hh: torch.Tensor,
    bias_ih: torch.Tensor,
    bias_hh: torch.Tensor,
) -> torch.Tensor:
    """One step: the next hidden state (N, H)."""
    # TODO: the two gates, then the candidate, then the new hidden state
    raise NotImplementedError("gru_cell")


def gru(
    x: torch.Tensor,
    h0: torch.Tensor,
    weight_ih: torch.Tensor,
    weight_hh: torch.Tensor,
    bias_ih: torch.Tensor,
    bias_hh: torch.Tensor,
) -> tuple[torch.Tensor, torch.Tensor]:
    """All steps of x (N, T, D): (outputs, h_n) with outputs (N, T, H) and h_n (N, H)."""
    # TODO: one cell step for every time step
    raise NotImplementedError("gru")
