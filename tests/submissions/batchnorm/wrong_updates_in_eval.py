import torch
from torch import nn


class BatchNorm(nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        if num_features < 1 or eps < 0 or not 0 <= momentum <= 1:
            raise ValueError("bad settings")
        self.c = num_features
        self.eps, self.m = eps, momentum
        self.weight = nn.Parameter(torch.ones(num_features))
        self.bias = nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))

    def forward(self, x):
        if x.dim() == 2:
            dims, shp = [0], (1, -1)
        elif x.dim() == 4:
            dims, shp = [0, 2, 3], (1, -1, 1, 1)
        else:
            raise ValueError("rank")
        if x.size(1) != self.c:
            raise ValueError("channels")
        if True:
            count = x.numel() // self.c
            if count < 2:
                raise ValueError("one value")
            mu = x.mean(dims)
            var = x.var(dims, unbiased=False)
            with torch.no_grad():
                self.running_mean.mul_(1 - self.m).add_(self.m * mu)
                self.running_var.mul_(1 - self.m).add_(self.m * var * count / (count - 1))
        if not self.training:
            mu, var = self.running_mean, self.running_var
        xhat = (x - mu.view(shp)) / torch.sqrt(var.view(shp) + self.eps)
        return self.weight.view(shp) * xhat + self.bias.view(shp)


def batch_norm_backward(grad_output, x, weight, eps=1e-5):
    if x.dim() != 2 or grad_output.shape != x.shape or weight.shape != x.shape[1:]:
        raise ValueError("shape")
    n = len(x)
    if n < 2:
        raise ValueError("n")
    xc = x - x.mean(0)
    var = (xc**2).mean(0)
    std = (var + eps).sqrt()
    xhat = xc / std
    gw = (grad_output * xhat).sum(0)
    gb = grad_output.sum(0)
    g = grad_output * weight
    gx = (g - g.mean(0) - xhat * (g * xhat).mean(0)) / std
    return gx, gw, gb
