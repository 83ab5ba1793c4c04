import torch
from torch import nn


class BatchNorm(nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        if num_features < 1 or eps < 0 or not 0 <= momentum <= 1:
            raise ValueError("bad settings")
        self.n = num_features
        self.eps, self.momentum = eps, momentum
        self.weight = nn.Parameter(torch.ones(num_features))
        self.bias = nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))

    def forward(self, x):
        if x.dim() not in (2, 4) or x.size(1) != self.n:
            raise ValueError("bad shape")
        shape = [1, self.n] + [1] * (x.dim() - 2)
        gamma, beta = self.weight.reshape(shape), self.bias.reshape(shape)
        if self.training:
            if x.numel() // self.n < 2:
                raise ValueError("need two values")
            dims = tuple(range(1, x.dim()))
            mu = x.mean(dims, keepdim=True)
            var = ((x - mu) ** 2).mean(dims, keepdim=True)
            with torch.no_grad():
                self.running_mean = (1 - self.momentum) * self.running_mean + self.momentum * mu.mean()
                self.running_var = (1 - self.momentum) * self.running_var + self.momentum * var.mean()
        else:
            mu = self.running_mean.reshape(shape)
            var = self.running_var.reshape(shape)
        return gamma * (x - mu) / torch.sqrt(var + self.eps) + beta


def batch_norm_backward(grad_output, x, weight, eps=1e-5):
    if x.dim() != 2 or grad_output.shape != x.shape or weight.shape != x.shape[1:] or len(x) < 2:
        raise ValueError("shapes")
    std = (x.var(0, unbiased=False) + eps).sqrt()
    xn = (x - x.mean(0)) / std
    gn = grad_output * weight
    gx = (gn - gn.mean(0) - xn * (gn * xn).mean(0)) / std
    return gx, (grad_output * xn).sum(0), grad_output.sum(0)
