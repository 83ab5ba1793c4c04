"""A convolutional classifier for 28×28 images, one training step and prediction

1. `CNNClassifier(num_classes=10)` maps images (N, 1, 28, 28) to logits (N, K), K = num_classes:

       conv 1→32, 3×3 → ReLU → max-pool 2 → conv 32→64, 3×3 → ReLU → max-pool 2 → flatten
       → linear to 128 → ReLU → linear to K

   The convolutions are not padded, all layers have a bias: 225,034 parameters at K = 10. The output is
   logits, as nn.CrossEntropyLoss expects them. Layers may have any names; create them in the order in
   which they are used, so that model.parameters() lists them in that order.
2. `train_step(model, optimizer, images, labels)` puts the model into training mode, takes one optimizer
   step on the mean cross-entropy of this batch, and returns that loss, computed before the step, as a
   Python float. Gradients left over from earlier backward passes do not count. labels are integer class ids
   (N,), N ≥ 1. Works for any nn.Module that returns logits (N, K).
3. `predict(model, images)` returns the class ids (N,), int64, of the largest logits. The model runs in
   eval mode with gradient recording off; afterwards every submodule is back in the mode it was in, also
   when some were in training and some in eval mode. Works for any nn.Module that returns logits (N, K).

The model keeps dtype and device (float64 after `model.double()`) and is differentiable in the images and
every parameter. num_classes below 1, images of another shape in `forward`, and labels that are floating
point, not of shape (N,) or outside 0..K−1 raise ValueError; no step is taken then. No input is modified.

>>> sum(p.numel() for p in CNNClassifier().parameters())
225034
>>> CNNClassifier(num_classes=3)(torch.zeros(2, 1, 28, 28)).shape
torch.Size([2, 3])
>>> predict(nn.Identity(), torch.tensor([[0.1, 0.9], [0.8, 0.2]]))
tensor([1, 0])
"""

import torch
from torch import nn


class CNNClassifier(nn.Module):
    """Two convolutions with pooling, then two linear layers."""

    def __init__(self, num_classes: int = 10):
        """Create the two convolutions and the two linear layers, in this order."""
        super().__init__()
        # TODO
        raise NotImplementedError("CNNClassifier")

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """The logits (N, K) of images (N, 1, 28, 28)."""
        # TODO
        raise NotImplementedError("CNNClassifier.forward")


def train_step(model: nn.Module, optimizer: torch.optim.Optimizer, images: torch.Tensor, labels: torch.Tensor) -> float:
    """One optimizer step on one batch; returns its mean cross-entropy."""
    # TODO
    raise NotImplementedError("train_step")


def predict(model: nn.Module, images: torch.Tensor) -> torch.Tensor:
    """The class ids (N,) of images, in eval mode and without gradients."""
    # TODO
    raise NotImplementedError("predict")
