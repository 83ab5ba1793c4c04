import torch
from torch import nn


class DenseBlock(nn.Module):
    def __init__(self, in_channels, growth_rate, num_layers):
        super().__init__()
        self.layers = nn.ModuleList(
            nn.Sequential(nn.Conv2d(in_channels + i * growth_rate, growth_rate, 3, padding=1), nn.ReLU(inplace=True))
            for i in range(num_layers)
        )

    def forward(self, x):
        if x.ndim != 4:
            raise ValueError("x must be NCHW")
        new = [x]
        for f in self.layers:
            new += [f(torch.cat(new, 1))]
        return torch.cat(new[1:], 1) if len(new) > 1 else x


class CrossLayerNet(nn.Module):
    def __init__(self, in_channels, num_classes):
        super().__init__()
        self.stage1 = nn.Sequential(nn.Conv2d(in_channels, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
        self.stage2 = nn.Sequential(nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.head = nn.Linear(48, num_classes)

    def forward(self, x):
        if x.ndim != 4:
            raise ValueError("x must be NCHW")
        s1 = self.stage1(x)
        s2 = self.stage2(s1)
        merged = torch.cat([s1, s2], dim=1)
        return self.head(self.pool(merged).flatten(1))
