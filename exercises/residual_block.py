"""A residual block

The block learns what to add to its input (He et al. 2016):

    output = ReLU( bn2(conv2( ReLU(bn1(conv1(x))) )) + shortcut(x) )

`ResidualBlock(in_channels, out_channels, stride=1)` maps (N, in_channels, H, W) to
(N, out_channels, H', W') with H' = ⌈H/stride⌉ and W' = ⌈W/stride⌉. Required submodules, and no parameters
besides theirs:

- `conv1`: 3×3, padding 1, the block's stride, no bias; `bn1`: nn.BatchNorm2d
- `conv2`: 3×3, padding 1, stride 1, no bias; `bn2`: nn.BatchNorm2d
- `shortcut`: the identity, nn.Identity(), when stride is 1 and in_channels = out_channels; otherwise
  nn.Sequential of a 1×1 convolution with the block's stride and no bias, and a nn.BatchNorm2d

The batch norms have PyTorch's default settings and follow the block's train/eval mode. The block keeps
dtype and device and is differentiable in x and every parameter. A size or stride below 1, and an x that is
not (N, in_channels, H, W), raise ValueError. x is not modified.

>>> block = ResidualBlock(1, 1).eval()
>>> _ = nn.init.zeros_(block.conv2.weight)
>>> block(torch.tensor([[[[1.0, -2.0, 3.0]]]])).detach()
tensor([[[[1., 0., 3.]]]])
"""

import torch
from torch import nn


class ResidualBlock(nn.Module):
    """Two convolutions with batch norm, added to a shortcut."""

    def __init__(self, in_channels: int, out_channels: int, stride: int = 1):
        """Create `conv1`, `bn1`, `conv2`, `bn2` and `shortcut`."""
        super().__init__()
        # TODO
        raise NotImplementedError("ResidualBlock")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The feature maps (N, out_channels, H', W') of x (N, in_channels, H, W)."""
        # TODO
        raise NotImplementedError("ResidualBlock.forward")
