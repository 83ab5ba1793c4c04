"""Batch normalisation: training, test time and the backward pass

Batch normalisation gives every feature (N, C), or every channel (N, C, H, W), mean 0 and variance 1 over the
batch, then scales and shifts it by learned values:

    y = weight · (x − μ) / √(σ² + eps) + bias

1. `BatchNorm(num_features, eps=1e-5, momentum=0.1)` is an nn.Module with C = num_features and exactly these names,
   each of shape (C,):

       parameters  weight (starts at ones), bias (zeros)
       buffers     running_mean (zeros), running_var (ones), and no others

   In training mode μ and σ² are those of the M values that feature or channel has in this batch (M = N, or
   N·H·W), and σ² divides by M. The same pass moves the running statistics, by PyTorch's convention:

       running ← (1 − momentum) · running + momentum · batch

   where the variance that enters running_var divides by M − 1. In eval mode μ and σ² are running_mean and running_var,
   and nothing is updated. The running statistics never carry a gradient. x, weight and bias do, and in training mode
   the gradient of x also flows through μ and σ².
2. `batch_norm_backward(grad_output, x, weight, eps=1e-5)` takes ∂L/∂y (N, C), the input x (N, C) of a pass in
   training mode and weight (C,), and returns `(grad_x, grad_weight, grad_bias)` of shapes (N, C), (C,), (C,).
   Derive the formulas: no autograd here, neither torch.autograd nor .backward().

x has the dtype of the module, and results keep that dtype (float32 or float64; `.double()` must work). These raise
ValueError: x that is neither (N, C) nor (N, C, H, W) or has another C; fewer than two values a channel in training mode
or in `batch_norm_backward`; shapes that do not belong together in `batch_norm_backward`; num_features below 1, a
negative eps, a momentum outside [0, 1]. No input is modified, and a pass that raises leaves the running statistics
alone.
Not allowed: the library's normalisations, such as nn.BatchNorm1d, F.batch_norm and F.layer_norm.

>>> layer = BatchNorm(2)
>>> layer(torch.tensor([[0.0, 10.0], [4.0, 30.0]])).detach()
tensor([[-1.0000, -1.0000],
        [ 1.0000,  1.0000]])
>>> layer.running_mean, layer.running_var
(tensor([0.2000, 2.0000]), tensor([ 1.7000, 20.9000]))
"""

import torch
from torch import nn


class BatchNorm(nn.Module):
    """Batch normalisation of (N, C) or (N, C, H, W), with running statistics for test time."""

    def __init__(self, num_features: int, eps: float = 1e-5, momentum: float = 0.1):
        """Parameters weight and bias, buffers running_mean and running_var, all (num_features,)."""
        super().__init__()
        # TODO
        raise NotImplementedError("BatchNorm.__init__")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """x normalised, scaled and shifted, of the shape of x; in training mode also move the running statistics."""
        # TODO
        raise NotImplementedError("BatchNorm.forward")


def batch_norm_backward(
    grad_output: torch.Tensor, x: torch.Tensor, weight: torch.Tensor, eps: float = 1e-5
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """(grad_x, grad_weight, grad_bias) of a training pass over x (N, C), without autograd."""
    # TODO
    raise NotImplementedError("batch_norm_backward")
