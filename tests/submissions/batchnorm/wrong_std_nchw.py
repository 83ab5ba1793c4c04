import torch
from torch import nn


class BatchNorm(nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        if num_features < 1:
            raise ValueError("num_features")
        if eps < 0:
            raise ValueError("eps")
        if not 0 <= momentum <= 1:
            raise ValueError("momentum")
        self.c = num_features
        self.eps = eps
        self.m = momentum
        self.weight = nn.Parameter(torch.ones(num_features))
        self.bias = nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))

    def forward(self, x):
        if x.ndim not in (2, 4) or x.shape[1] != self.c:
            raise ValueError("shape")
        view = (1, self.c) if x.ndim == 2 else (1, self.c, 1, 1)
        if self.training:
            if x.numel() <= self.c:
                raise ValueError("too few values")
            mean = x.mean(0)
            var = x.var(0, unbiased=False)
            self.running_mean = self.running_mean * (1 - self.m) + self.m * mean.detach()
            self.running_var = self.running_var * (1 - self.m) + self.m * x.detach().var(0)
            y = (x - mean) / torch.sqrt(var + self.eps)
        else:
            y = (x - self.running_mean.view(view)) / torch.sqrt(self.running_var.view(view) + self.eps)
        return y * self.weight.view(view) + self.bias.view(view)


def batch_norm_backward(grad_output, x, weight, eps=1e-5):
    if x.ndim != 2 or x.shape != grad_output.shape or weight.shape != x.shape[1:] or x.shape[0] == 1:
        raise ValueError("shapes")
    n = x.shape[0]
    xc = x - x.mean(0)
    v = (xc**2).mean(0) + eps
    xhat = xc / v
    dxhat = grad_output * weight
    dx = (dxhat - dxhat.mean(0) - xhat * (dxhat * xhat).mean(0)) / v
    return dx, (grad_output * xhat).sum(0), grad_output.sum(0)
