import torch
from torch import nn


def _column_stats(values):
    """mean and biased variance of a 1-D tensor"""
    count = values.numel()
    mean = values.sum() / count
    return mean, ((values - mean) ** 2).sum() / count


class BatchNorm(nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        if num_features < 1:
            raise ValueError("num_features")
        if eps < 0:
            raise ValueError("eps")
        if not (0.0 <= momentum <= 1.0):
            raise ValueError("momentum")
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.weight = nn.Parameter(torch.ones(num_features))
        self.bias = nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))

    def forward(self, x):
        if x.ndim not in (2, 4):
            raise ValueError("x must have 2 or 4 dimensions")
        if x.shape[1] != self.num_features:
            raise ValueError("wrong number of channels")
        if self.training and x[:, 0].numel() <= 1:
            raise ValueError("one value per channel")
        columns = []
        means, variances = [], []
        for c in range(self.num_features):
            values = x[:, c]
            if self.training:
                mean, var = _column_stats(values)
                means.append(mean.detach())
                variances.append(var.detach() * values.numel() / (values.numel() - 1))
            else:
                mean, var = self.running_mean[c], self.running_var[c]
            columns.append((values - mean) / (var + self.eps).sqrt() * self.weight[c] + self.bias[c])
        if self.training:
            self.running_mean += self.momentum * (torch.stack(means) - self.running_mean)
            self.running_var += self.momentum * (torch.stack(variances) - self.running_var)
        return torch.stack(columns, dim=1)


@torch.no_grad()
def batch_norm_backward(grad_output, x, weight, eps=1e-5):
    if x.ndim != 2 or grad_output.shape != x.shape or tuple(weight.shape) != (x.shape[1],):
        raise ValueError("shapes do not fit")
    n, c = x.shape
    if n < 2:
        raise ValueError("at least two samples")
    gx = torch.empty_like(x)
    gw = torch.empty_like(weight)
    gb = torch.empty_like(weight)
    for j in range(c):
        col = x[:, j]
        g = grad_output[:, j]
        mean, var = _column_stats(col)
        std = (var + eps).sqrt()
        gb[j] = g.sum()
        gw[j] = (g * (col - mean) / std).sum()
        dxhat = g * weight[j]
        dvar = (dxhat * (col - mean)).sum() * -0.5 / std**3
        dmean = -dxhat.sum() / std + dvar * (-2 * (col - mean)).mean()
        gx[:, j] = dxhat / std + dvar * 2 * (col - mean) / n + dmean / n
    return gx, gw, gb
