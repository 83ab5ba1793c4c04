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
        return self.head(F.relu(self.hidden(torch.cat((a, b), -1))))


class LateFusion(nn.Module):
    def __init__(self, dim_a, dim_b, num_classes):
        super().__init__()
        self.head_a = nn.Linear(dim_a, num_classes)
        self.head_b = nn.Linear(dim_b, num_classes)

    def forward(self, a, b):
        check(a, b)
        logits = torch.stack((self.head_a(a), self.head_b(b)), dim=0).mean(dim=0)
        return logits.softmax(dim=1)

class GatedFusion(nn.Module):
    def __init__(self, dim_a, dim_b, dim):
        super().__init__()
        self.proj_a = nn.Linear(dim_a, dim)
        self.proj_b = nn.Linear(dim_b, dim)
        self.gate = nn.Linear(2 * dim, dim)

    def forward(self, a, b):
        check(a, b)
        h_a, h_b = self.proj_a(a), self.proj_b(b)
        g = self.gate(torch.cat([h_a, h_b], dim=1)).sigmoid()
        return torch.lerp(h_a, h_b, g)
