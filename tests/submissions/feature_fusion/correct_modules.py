import torch
from torch import nn


class TwoInputs(nn.Module):
    def __init__(self, dim_a, dim_b, *others):
        super().__init__()
        if min(dim_a, dim_b, *others) < 1:
            raise ValueError("sizes must be positive")
        self.dim_a, self.dim_b = dim_a, dim_b

    def forward(self, a, b):
        for x, width in ((a, self.dim_a), (b, self.dim_b)):
            if x.ndim != 2 or x.shape[-1] != width:
                raise ValueError(f"expected (N, {width})")
        if a.shape[0] != b.shape[0]:
            raise ValueError("different batches")
        return self.fuse(a, b)


class EarlyFusion(TwoInputs):
    def __init__(self, dim_a, dim_b, hidden_dim, num_classes):
        super().__init__(dim_a, dim_b, hidden_dim, num_classes)
        self.head = nn.Linear(hidden_dim, num_classes)
        self.hidden = nn.Linear(dim_a + dim_b, hidden_dim)
        self.classifier = nn.Sequential(self.hidden, nn.ReLU(), self.head)

    def fuse(self, a, b):
        return self.classifier(torch.hstack((a, b)))


class LateFusion(TwoInputs):
    def __init__(self, dim_a, dim_b, num_classes):
        super().__init__(dim_a, dim_b, num_classes)
        self.head_a, self.head_b = nn.Linear(dim_a, num_classes), nn.Linear(dim_b, num_classes)
        self.softmax = nn.Softmax(dim=-1)

    def fuse(self, a, b):
        return torch.lerp(self.softmax(self.head_a(a)), self.softmax(self.head_b(b)), 0.5)


class GatedFusion(TwoInputs):
    def __init__(self, dim_a, dim_b, dim):
        super().__init__(dim_a, dim_b, dim)
        self.gate = nn.Linear(2 * dim, dim)
        self.proj_b = nn.Linear(dim_b, dim)
        self.proj_a = nn.Linear(dim_a, dim)

    def fuse(self, a, b):
        projected = torch.stack([self.proj_a(a), self.proj_b(b)], dim=1)
        g = self.gate(projected.flatten(1)).sigmoid()
        return (torch.stack([g, 1 - g], dim=1) * projected).sum(1)
