import torch
import torch.nn as nn
import torch.nn.functional as F


class DenseBlock(nn.Module):
    def __init__(self, in_channels, growth_rate, num_layers):
        super().__init__()
        if in_channels < 1 or growth_rate < 1 or num_layers < 0:
            raise ValueError("sizes")
        self.layers = nn.ModuleList()
        ch = in_channels
        for _ in range(num_layers):
            self.layers.append(nn.Sequential(nn.Conv2d(ch, growth_rate, 3, padding=1), nn.ReLU()))
            ch = growth_rate

    def forward(self, x):
        feats = [x]
        for layer in self.layers:
            new = layer(sum(feats[1:]) if len(feats) > 1 else x)
            feats.append(new)
        return torch.cat(feats, dim=1)


class CrossLayerNet(nn.Module):
    def __init__(self, in_channels, num_classes):
        super().__init__()
        if in_channels < 1 or num_classes < 1:
            raise ValueError("sizes")
        self.stage1 = nn.Conv2d(in_channels, 16, 3, padding=1)
        self.stage2 = nn.Conv2d(16, 32, 3, padding=1)
        self.fc = nn.Linear(48, num_classes)

    def forward(self, x):
        if x.dim() != 4 or x.size(2) < 4 or x.size(3) < 4:
            raise ValueError("shape")
        a = F.max_pool2d(F.relu(self.stage1(x)), 2)
        b = F.max_pool2d(F.relu(self.stage2(a)), 2)
        ga = a.mean(dim=(2, 3))
        gb = b.mean(dim=(2, 3))
        return self.fc(torch.cat([ga, gb], dim=1))
