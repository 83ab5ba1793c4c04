import torch
from torch import nn


class BatchNorm(nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        if num_features < 1 or eps < 0 or not 0 <= momentum <= 1:
            raise ValueError
        self.num_features, self.eps, self.momentum = num_features, eps, momentum
        self.weight = nn.Parameter(torch.ones(num_features))
        self.bias = nn.Parameter(torch.zeros(num_features))
        self.running_mean = torch.zeros(num_features)
        self.running_var = torch.ones(num_features)

    def forward(self, x):
        if x.ndim not in (2, 4) or x.shape[1] != self.num_features:
            raise ValueError
        dims = [d for d in range(x.ndim) if d != 1]
        count = x.numel() // x.shape[1]
        if self.training and count < 2:
            raise ValueError
        mean = x.mean(dim=dims, keepdim=True)
        var = x.var(dim=dims, keepdim=True, correction=0)
        with torch.no_grad():
            m = self.momentum
            self.running_mean = self.running_mean * (1 - m) + m * mean.flatten()
            self.running_var = self.running_var * (1 - m) + m * x.var(dim=dims).flatten()
        out = (x - mean) / (var.sqrt() + self.eps)
        shape = mean.shape
        return out * self.weight.view(shape) + self.bias.view(shape)


def batch_norm_backward(grad_output, x, weight, eps=1e-5):
    x = x.clone().requires_grad_()
    w = weight.clone().requires_grad_()
    b = torch.zeros_like(w).requires_grad_()
    y = (x - x.mean(0)) / torch.sqrt(x.var(0, unbiased=False) + eps) * w + b
    return torch.autograd.grad(y, [x, w, b], grad_output)
