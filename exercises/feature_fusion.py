"""Early, late and gated fusion of two feature vectors

Three nn.Modules that all take `forward(a, b)` with a (N, dim_a) and b (N, dim_b), the features of the same N
examples from two sources. K is num_classes, σ the sigmoid.

1. `EarlyFusion(dim_a, dim_b, hidden_dim, num_classes)` joins the features, then classifies; logits (N, K):

       head(ReLU(hidden([a, b])))        [a, b]: a's features, then b's

   `hidden` is nn.Linear(dim_a + dim_b, hidden_dim), `head` is nn.Linear(hidden_dim, K).
2. `LateFusion(dim_a, dim_b, num_classes)` classifies each source, then joins the answers; probabilities (N, K):

       ½ (softmax(head_a(a)) + softmax(head_b(b)))

   `head_a` is nn.Linear(dim_a, K), `head_b` is nn.Linear(dim_b, K).
3. `GatedFusion(dim_a, dim_b, dim)` mixes the projected sources feature by feature; (N, dim):

       p = proj_a(a),  q = proj_b(b),  g = σ(gate([p, q])),  output = g·p + (1 − g)·q

   `proj_a` is nn.Linear(dim_a, dim), `proj_b` is nn.Linear(dim_b, dim), both without an activation;
   `gate` is nn.Linear(2·dim, dim).

These submodule names are required, all layers have a bias, and there are no other parameters. Everything
keeps dtype and device and is differentiable in a, b and every parameter. A size below 1, an a or b that is
not 2-D or not of the width announced, and different numbers of rows raise ValueError. No input is modified.

>>> fusion = GatedFusion(dim_a=1, dim_b=1, dim=1)
>>> for p in fusion.parameters(): _ = nn.init.constant_(p, 0.5)
>>> fusion(torch.tensor([[1.0]]), torch.tensor([[3.0]])).detach()
tensor([[1.1192]])
"""

import torch
from torch import nn


class EarlyFusion(nn.Module):
    """Concatenates the features, then classifies."""

    def __init__(self, dim_a: int, dim_b: int, hidden_dim: int, num_classes: int):
        """Create `hidden` and `head`."""
        super().__init__()
        # TODO
        raise NotImplementedError("EarlyFusion")

    def forward(self, a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
        """The logits (N, K)."""
        # TODO
        raise NotImplementedError("EarlyFusion.forward")


class LateFusion(nn.Module):
    """Averages the class probabilities of two classifiers."""

    def __init__(self, dim_a: int, dim_b: int, num_classes: int):
        """Create `head_a` and `head_b`."""
        super().__init__()
        # TODO
        raise NotImplementedError("LateFusion")

    def forward(self, a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
        """The probabilities (N, K)."""
        # TODO
        raise NotImplementedError("LateFusion.forward")


class GatedFusion(nn.Module):
    """Mixes two projections by a learned gate."""

    def __init__(self, dim_a: int, dim_b: int, dim: int):
        """Create `proj_a`, `proj_b` and `gate`."""
        super().__init__()
        # TODO
        raise NotImplementedError("GatedFusion")

    def forward(self, a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
        """The fused features (N, dim)."""
        # TODO
        raise NotImplementedError("GatedFusion.forward")
