import torch
import torch.nn.functional as F
from torch import nn


def check(a, b, dim_a, dim_b):
    if a.dim() != 2 or b.dim() != 2 or a.size(0) != b.size(0) or a.size(1) != dim_a or b.size(1) != dim_b:
        raise ValueError(f"bad shapes {tuple(a.shape)} and {tuple(b.shape)}")


class EarlyFusion(nn.Module):
    def __init__(self, dim_a, dim_b, hidden_dim, num_classes):
        super().__init__()
        self.dims = dim_a, dim_b
        self.hidden = nn.Linear(dim_a + dim_b, hidden_dim)
        self.head = nn.Linear(hidden_dim, num_classes)

    def forward(self, a, b):
        check(a, b, *self.dims)
        # no concatenation needed: each source meets its own columns of the weight
        w_a, w_b = self.hidden.weight.split(self.dims, dim=1)
        z = F.linear(a, w_a) + F.linear(b, w_b) + self.hidden.bias
        return self.head(torch.where(z > 0, z, torch.zeros_like(z)))


class LateFusion(nn.Module):
    def __init__(self, dim_a, dim_b, num_classes):
        super().__init__()
        self.dims = dim_a, dim_b
        self.head_a = nn.Linear(dim_a, num_classes)
        self.head_b = nn.Linear(dim_b, num_classes)

    def forward(self, a, b):
        check(a, b, *self.dims)
        logits = torch.stack([self.head_a(a), self.head_b(b)])
        shifted = logits - logits.max(dim=2, keepdim=True).values
        e = shifted.exp()
        return (e / e.sum(2, keepdim=True)).mean(0)


class GatedFusion(nn.Module):
    def __init__(self, dim_a, dim_b, dim):
        super().__init__()
        self.dims = dim_a, dim_b
        self.proj_a = nn.Linear(dim_a, dim)
        self.proj_b = nn.Linear(dim_b, dim)
        self.gate = nn.Linear(dim * 2, dim)

    def forward(self, a, b):
        check(a, b, *self.dims)
        p, q = self.proj_a(a), self.proj_b(b)
        d = p.size(1)
        z = p @ self.gate.weight[:, :d].T + q @ self.gate.weight[:, d:].T + self.gate.bias
        return q + (p - q) / (1 + torch.exp(-z))
