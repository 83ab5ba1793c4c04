import torch
import torch.nn as nn
import torch.nn.functional as F


def _check(a, b, da, db):
    if a.dim() != 2 or b.dim() != 2 or a.size(1) != da or b.size(1) != db or a.size(0) != b.size(0):
        raise ValueError("shapes")


class EarlyFusion(nn.Module):
    def __init__(self, dim_a, dim_b, hidden_dim, num_classes):
        super().__init__()
        if min(dim_a, dim_b, hidden_dim, num_classes) < 1:
            raise ValueError("sizes")
        self.dims = (dim_a, dim_b)
        self.hidden = nn.Linear(dim_a + dim_b, hidden_dim)
        self.head = nn.Linear(hidden_dim, num_classes)

    def forward(self, a, b):
        _check(a, b, *self.dims)
        joint = torch.cat((a, b), dim=-1)
        return self.head(F.relu(self.hidden(joint)))


class LateFusion(nn.Module):
    def __init__(self, dim_a, dim_b, num_classes):
        super().__init__()
        if min(dim_a, dim_b, num_classes) < 1:
            raise ValueError("sizes")
        self.dims = (dim_a, dim_b)
        self.head_a = nn.Linear(dim_a, num_classes)
        self.head_b = nn.Linear(dim_b, num_classes)

    def forward(self, a, b):
        _check(a, b, *self.dims)
        return ((F.log_softmax(self.head_a(a), 1) + F.log_softmax(self.head_b(b), 1)) / 2).exp()


class GatedFusion(nn.Module):
    def __init__(self, dim_a, dim_b, dim):
        super().__init__()
        if min(dim_a, dim_b, dim) < 1:
            raise ValueError("sizes")
        self.dims = (dim_a, dim_b)
        self.proj_a = nn.Linear(dim_a, dim)
        self.proj_b = nn.Linear(dim_b, dim)
        self.gate = nn.Linear(2 * dim, dim)

    def forward(self, a, b):
        _check(a, b, *self.dims)
        u, v = self.proj_a(a), self.proj_b(b)
        g = torch.sigmoid(self.gate(torch.cat([u, v], dim=1)))
        return g * u + (1 - g) * v
