"""Dense connectivity (Huang et al. 2017, "Densely connected convolutional networks") and a cross-layer connection."""

import torch
from torch import nn
from torch.nn import functional as F


def check_sizes(**sizes):
    for name, size in sizes.items():
        if size < 1:
            raise ValueError(f"{name} must be at least 1, not {size}")


def check_maps(x, channels, smallest=1):
    if x.ndim != 4 or x.shape[1] != channels:
        raise ValueError(f"x must have shape (N, {channels}, H, W), not {tuple(x.shape)}")
    if min(x.shape[2:]) < smallest:
        raise ValueError(f"H and W must be at least {smallest}, got {tuple(x.shape[2:])}")


class DenseBlock(nn.Module):
    def __init__(self, in_channels, growth_rate, num_layers):
        super().__init__()
        check_sizes(in_channels=in_channels, growth_rate=growth_rate)
        if num_layers < 0:
            raise ValueError(f"num_layers must not be negative, got {num_layers}")
        self.in_channels = in_channels
        self.layers = nn.ModuleList()
        for k in range(num_layers):
            seen_channels = in_channels + k * growth_rate
            conv = nn.Conv2d(seen_channels, growth_rate, 3, padding=1)
            self.layers.append(nn.Sequential(conv, nn.ReLU()))

    def forward(self, x):
        check_maps(x, self.in_channels)
        features = [x]
        for layer in self.layers:
            seen = torch.cat(features, dim=1)
            new = layer(seen)
            features.append(new)
        return torch.cat(features, dim=1)


class CrossLayerNet(nn.Module):
    def __init__(self, in_channels, num_classes):
        super().__init__()
        check_sizes(in_channels=in_channels, num_classes=num_classes)
        self.conv1 = nn.Conv2d(in_channels, 16, 3, padding=1)
        self.conv2 = nn.Conv2d(16, 32, 3, padding=1)
        self.head = nn.Linear(16 + 32, num_classes)

    def forward(self, x):
        check_maps(x, self.conv1.in_channels, smallest=4)
        stage1 = F.max_pool2d(torch.relu(self.conv1(x)), 2)
        stage2 = F.max_pool2d(torch.relu(self.conv2(stage1)), 2)
        pooled1 = stage1.mean(dim=(2, 3))
        pooled2 = stage2.mean(dim=(2, 3))
        fused = torch.cat([pooled1, pooled2], dim=1)
        return self.head(fused)
