"""A dense block and a network with a cross-layer connection

1. `DenseBlock(in_channels, growth_rate, num_layers)`: every layer sees the input and the outputs of all
   layers before it (Huang et al. 2017). With [a, b] for concatenation along the channels:

       f_0 = x        f_k = ReLU(conv_k([f_0, …, f_{k−1}]))        output = [f_0, f_1, …, f_num_layers]

   x (N, in_channels, H, W) becomes (N, in_channels + num_layers·growth_rate, H, W). The required submodule
   is `layers`, an nn.ModuleList with one entry a layer: an nn.Sequential of a 3×3 convolution with bias
   and padding 1 that gives growth_rate channels, and a ReLU. num_layers = 0 is allowed and returns x's values.
2. `CrossLayerNet(in_channels, num_classes)`: images (N, in_channels, H, W) to logits (N, K), K = num_classes.
   The head sees the features of both stages:

       s1 = max-pool 2 (ReLU(conv1(x)))         16 channels
       s2 = max-pool 2 (ReLU(conv2(s1)))        32 channels
       logits = linear([mean of s1 over H and W, mean of s2 over H and W])        48 → K

   Both convolutions are 3×3 with bias and padding 1; the order is s1 before s2; an odd last row or column
   is dropped by the pooling. Layers may have any names; create them in the order conv1, conv2, linear.

Both modules keep dtype and device, are differentiable in x and every parameter, and have no other
parameters. A negative num_layers, any other size below 1, an x that is not (N, in_channels, H, W), and for
`CrossLayerNet` an H or W below 4 raise ValueError. x is not modified.

>>> block = DenseBlock(in_channels=1, growth_rate=1, num_layers=2)
>>> for p in block.parameters(): _ = nn.init.constant_(p, 0.5)
>>> block(torch.tensor([[[[2.0]]]])).flatten().detach()
tensor([2.0000, 1.5000, 2.2500])
"""

import torch
from torch import nn


class DenseBlock(nn.Module):
    """Convolutions of which each sees everything before it."""

    def __init__(self, in_channels: int, growth_rate: int, num_layers: int):
        """Create `layers`."""
        super().__init__()
        # TODO
        raise NotImplementedError("DenseBlock")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """x and the output of every layer, (N, in_channels + num_layers·growth_rate, H, W)."""
        # TODO
        raise NotImplementedError("DenseBlock.forward")


class CrossLayerNet(nn.Module):
    """Two convolutional stages, both seen by the linear head."""

    def __init__(self, in_channels: int, num_classes: int):
        """Create the two convolutions and the head, in this order."""
        super().__init__()
        # TODO
        raise NotImplementedError("CrossLayerNet")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The logits (N, K) of x (N, in_channels, H, W)."""
        # TODO
        raise NotImplementedError("CrossLayerNet.forward")
