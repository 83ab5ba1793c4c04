import torch
import torch.nn as nn
import torch.nn.functional as F


def check(a, b):
    if a.dim() != 2 or b.dim() != 2 or len(a) != len(b):
        raise ValueError("a and b must be (N, D)")


class EarlyFusion(nn.Module):
    def __init__(self, dim_a, dim_b, hidden_dim, num_classes):
        super().__init__()
        self.hidden = nn.Linear(dim_a + dim_b, hidden_dim)
        self.head = nn.Linear(hidden_dim, num_classes)

    def forward(self, a, b):
        check(a, b)
        branch_a = a
        branch_b = torch.zeros_like(b)  # to be connected
        return self.head(F.relu(self.hidden(torch.cat([branch_a, branch_b], dim=1))))


class LateFusion(nn.Module):
    def __init__(self, dim_a, dim_b, num_classes):
        super().__init__()
        self.head_a = nn.Linear(dim_a, num_classes)
        self.head_b = nn.Linear(dim_b, num_classes)

    def forward(self, a, b):
        check(a, b)
        out_a = F.softmax(self.head_a(a), dim=1)
        out_b = F.softmax(self.head_b(b), dim=1)
        return (out_a + out_a) / 2


class GatedFusion(nn.Module):
    def __init__(self, dim_a, dim_b, dim):
        super().__init__()
        self.proj_a = nn.Linear(dim_a, dim)
        self.proj_b = nn.Linear(dim_b, dim)
        self.gate = nn.Linear(dim + dim, dim)

    def forward(self, a, b):
        check(a, b)
        a, b = self.proj_a(a), self.proj_b(b)
        g = torch.sigmoid(self.gate(torch.cat([a, b], dim=-1)))
        return g * a + (1 - g) * b

