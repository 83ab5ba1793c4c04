"""Early, late and gated fusion of two feature vectors (gate: Arevalo et al. 2017, without their tanh)."""

import torch
from torch import nn


def check_sizes(**sizes):
    for name, size in sizes.items():
        if size < 1:
            raise ValueError(f"{name} must be at least 1, not {size}")


def check_pair(a, b, dim_a, dim_b):
    if a.ndim != 2 or a.shape[1] != dim_a:
        raise ValueError(f"a must have shape (N, {dim_a}), not {tuple(a.shape)}")
    if b.ndim != 2 or b.shape[1] != dim_b:
        raise ValueError(f"b must have shape (N, {dim_b}), not {tuple(b.shape)}")
    if len(a) != len(b):
        raise ValueError(f"a has {len(a)} rows, b has {len(b)}")


class EarlyFusion(nn.Module):
    def __init__(self, dim_a, dim_b, hidden_dim, num_classes):
        super().__init__()
        check_sizes(dim_a=dim_a, dim_b=dim_b, hidden_dim=hidden_dim, num_classes=num_classes)
        self.dim_a = dim_a
        self.dim_b = dim_b
        self.hidden = nn.Linear(dim_a + dim_b, hidden_dim)
        self.head = nn.Linear(hidden_dim, num_classes)

    def forward(self, a, b):
        check_pair(a, b, self.dim_a, self.dim_b)
        joint = torch.cat([a, b], dim=1)
        activated = torch.relu(self.hidden(joint))
        return self.head(activated)


class LateFusion(nn.Module):
    def __init__(self, dim_a, dim_b, num_classes):
        super().__init__()
        check_sizes(dim_a=dim_a, dim_b=dim_b, num_classes=num_classes)
        self.head_a = nn.Linear(dim_a, num_classes)
        self.head_b = nn.Linear(dim_b, num_classes)

    def forward(self, a, b):
        check_pair(a, b, self.head_a.in_features, self.head_b.in_features)
        probabilities_a = torch.softmax(self.head_a(a), dim=1)
        probabilities_b = torch.softmax(self.head_b(b), dim=1)
        return (probabilities_a + probabilities_b) / 2


class GatedFusion(nn.Module):
    def __init__(self, dim_a, dim_b, dim):
        super().__init__()
        check_sizes(dim_a=dim_a, dim_b=dim_b, dim=dim)
        self.proj_a = nn.Linear(dim_a, dim)
        self.proj_b = nn.Linear(dim_b, dim)
        self.gate = nn.Linear(2 * dim, dim)

    def forward(self, a, b):
        check_pair(a, b, self.proj_a.in_features, self.proj_b.in_features)
        projected_a = self.proj_a(a)
        projected_b = self.proj_b(b)
        both = torch.cat([projected_a, projected_b], dim=1)
        g = torch.sigmoid(self.gate(both))
        return g * projected_a + (1 - g) * projected_b
