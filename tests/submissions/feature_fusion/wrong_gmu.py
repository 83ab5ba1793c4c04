import torch
from torch import nn


class EarlyFusion(nn.Module):
    def __init__(self, dim_a, dim_b, hidden_dim, num_classes):
        super().__init__()
        self.hidden = nn.Linear(dim_a + dim_b, hidden_dim)
        self.head = nn.Linear(hidden_dim, num_classes)

    def forward(self, a, b):
        return self.head(torch.relu(self.hidden(torch.cat([a, b], dim=1))))


class LateFusion(nn.Module):
    def __init__(self, dim_a, dim_b, num_classes):
        super().__init__()
        self.head_a = nn.Linear(dim_a, num_classes)
        self.head_b = nn.Linear(dim_b, num_classes)

    def forward(self, a, b):
        return (torch.softmax(self.head_a(a), dim=1) + torch.softmax(self.head_b(b), dim=1)) / 2


class GatedFusion(nn.Module):
    def __init__(self, dim_a, dim_b, dim):
        super().__init__()
        self.proj_a = nn.Linear(dim_a, dim)
        self.proj_b = nn.Linear(dim_b, dim)
        self.gate = nn.Linear(2 * dim, dim)

    def forward(self, a, b):
        a, b = self.proj_a(a), self.proj_b(b)
        g = torch.sigmoid(self.gate(torch.cat([a, b], dim=1)))
        return g * torch.tanh(a) + (1 - g) * torch.tanh(b)
