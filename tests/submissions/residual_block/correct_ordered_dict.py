from collections import OrderedDict

import torch
from torch import nn


class ResidualBlock(nn.Module):
    expansion = 1

    def __init__(self, in_channels: int, out_channels: int, stride: int = 1):
        super().__init__()
        assert_positive(in_channels, out_channels, stride)
        if in_channels == out_channels and stride == 1:
            shortcut = nn.Identity()
        else:
            shortcut = nn.Sequential(
                OrderedDict(
                    projection=nn.Conv2d(in_channels, out_channels, kernel_size=1, stride=stride, bias=False),
                    norm=nn.BatchNorm2d(out_channels),
                )
            )
        self.shortcut = shortcut
        self.relu = nn.ReLU()
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, kernel_size=(3, 3), padding="same", bias=False)
        self.conv1 = nn.Conv2d(in_channels, out_channels, kernel_size=(3, 3), stride=(stride, stride), padding=(1, 1), bias=False)

    def branch(self, x):
        for layer in (self.conv1, self.bn1, self.relu, self.conv2, self.bn2):
            x = layer(x)
        return x

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if x.ndim != 4 or x.size(1) != self.conv1.in_channels:
            raise ValueError(f"got {tuple(x.shape)}")
        both = torch.stack([self.branch(x), self.shortcut(x)])
        return both.sum(dim=0).clamp_min(0)


def assert_positive(*values):
    if min(values) < 1:
        raise ValueError("all sizes must be at least 1")
