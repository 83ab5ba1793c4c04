import torch
import torch.nn as nn


class DenseBlock(nn.Module):
    def __init__(self, in_channels, growth_rate, num_layers):
        super().__init__()
        self.layers = nn.ModuleList()
        for i in range(num_layers):
            self.layers.append(nn.Sequential(nn.Conv2d(in_channels + growth_rate * i, growth_rate, 3, padding=1), nn.ReLU()))

    def forward(self, x):
        if x.dim() != 4:
            raise ValueError("x")
        feats = [x]
        for layer in self.layers:
            feats.append(layer(torch.cat(feats)))
        return torch.cat(feats)


class CrossLayerNet(nn.Module):
    def __init__(self, in_channels, num_classes):
        super().__init__()
        self.one = nn.Conv2d(in_channels, 16, 3, padding=1)
        self.two = nn.Conv2d(16, 32, 3, padding=1)
        self.last = nn.Linear(48, num_classes)

    def forward(self, x):
        if x.dim() != 4:
            raise ValueError("x")
        one = nn.functional.max_pool2d(self.one(x).relu(), 2)
        two = nn.functional.max_pool2d(self.two(one).relu(), 2)
        return self.last(torch.cat([two.mean((-1, -2)), one.mean((-1, -2))], dim=1))
