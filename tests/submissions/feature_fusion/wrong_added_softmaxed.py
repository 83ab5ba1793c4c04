import torch
import torch.nn as nn
import torch.nn.functional as F


def check(a, b):
    if a.dim() != 2 or b.dim() != 2 or len(a) != len(b):
        raise ValueError("a and b must be (N, D)")


class EarlyFusion(nn.Module):
    def __init__(self, dim_a, dim_b, hidden_dim, num_classes):
        super().__init__()
        self.hidden = nn.Linear(dim_a, hidden_dim)
        self.head = nn.Linear(hidden_dim, num_classes)

    def forward(self, a, b):
        check(a, b)
        return self.head(self.hidden(a.add(b)).relu())


class LateFusion(nn.Module):
    def __init__(self, dim_a, dim_b, num_classes):
        super().__init__()
        self.head_a = nn.Linear(dim_a, num_classes)
        self.head_b = nn.Linear(dim_b, num_classes)

    def forward(self, a, b):
        check(a, b)
        return 0.5 * F.softmax(self.head_a(a), dim=-1) + 0.5 * F.softmax(self.head_b(b), dim=-1)


class GatedFusion(nn.Module):
    def __init__(self, dim_a, dim_b, dim):
        super().__init__()
        self.proj_a = nn.Linear(dim_a, dim)
        self.proj_b = nn.Linear(dim_b, dim)
        self.gate = nn.Linear(2 * dim, dim)

    def forward(self, a, b):
        check(a, b)
        z_a = self.proj_a(a)
        z_b = self.proj_b(b)
        gate = F.softmax(self.gate(torch.cat([z_a, z_b], dim=1)), dim=-1)
        return gate * z_a + (1.0 - gate) * z_b
