import torch
import torch.nn as nn
import torch.nn.functional as F


class DenseBlock(nn.Module):
    def __init__(self, in_channels, growth_rate, num_layers):
        super().__init__()
        if in_channels < 1 or growth_rate < 1 or num_layers < 0:
            raise ValueError("bad sizes")
        self.in_channels = in_channels
        self.layers = nn.ModuleList()
        channels = in_channels
        for _ in range(num_layers):
            self.layers.append(nn.Conv2d(channels, growth_rate, kernel_size=3, padding="same"))
            channels += growth_rate

    def forward(self, x):
        if x.ndim != 4 or x.shape[1] != self.in_channels:
            raise ValueError("x must be (N, C, H, W)")
        for conv in self.layers:
            x = torch.cat((x, F.relu(conv(x))), dim=-3)
        return x


class Stage(nn.Sequential):
    def __init__(self, cin, cout):
        super().__init__(nn.Conv2d(cin, cout, 3, 1, 1), nn.MaxPool2d(2, 2), nn.ReLU())


class CrossLayerNet(nn.Module):
    def __init__(self, in_channels, num_classes):
        super().__init__()
        if in_channels < 1 or num_classes < 1:
            raise ValueError("bad sizes")
        self.out = nn.Linear(48, num_classes)
        self.second = Stage(16, 32)
        self.first = Stage(in_channels, 16)
        self.gap = nn.AdaptiveAvgPool2d(1)

    def forward(self, x):
        if x.dim() != 4:
            raise ValueError("4-D input expected")
        low = self.first(x)
        high = self.second(low)
        both = torch.cat([self.gap(low), self.gap(high)], dim=1)
        return self.out(torch.flatten(both, 1))
