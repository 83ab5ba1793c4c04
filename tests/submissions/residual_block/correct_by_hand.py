"""Batch norm written out and convolutions as F.conv2d on the layers' weights."""
import torch
import torch.nn as nn
import torch.nn.functional as F


class PassThrough(nn.Module):
    def forward(self, x):
        return x


class ResidualBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        if in_channels < 1 or out_channels < 1 or stride < 1:
            raise ValueError("bad size")
        self.stride = stride
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.shortcut = PassThrough()
        if stride > 1 or in_channels != out_channels:
            self.shortcut = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, 1, stride, bias=False), nn.BatchNorm2d(out_channels)
            )

    def norm(self, bn, x):
        if self.training:
            count = x.numel() // x.shape[1]
            mean = x.mean(dim=(0, 2, 3))
            var = ((x - mean[:, None, None]) ** 2).mean(dim=(0, 2, 3))
            with torch.no_grad():
                bn.running_mean += bn.momentum * (mean - bn.running_mean)
                bn.running_var += bn.momentum * (var * count / (count - 1) - bn.running_var)
        else:
            mean, var = bn.running_mean, bn.running_var
        scale = bn.weight / torch.sqrt(var + bn.eps)
        return x * scale[:, None, None] + (bn.bias - mean * scale)[:, None, None]

    def forward(self, x):
        if x.ndim != 4:
            raise ValueError("x must be 4-D")
        a = F.conv2d(x, self.conv1.weight, stride=self.stride, padding=1)
        a = self.norm(self.bn1, a)
        a = torch.where(a > 0, a, torch.zeros_like(a))
        b = self.norm(self.bn2, F.conv2d(a, self.conv2.weight, padding=1))
        s = b + self.shortcut(x)
        return torch.maximum(s, torch.zeros((), dtype=s.dtype))
