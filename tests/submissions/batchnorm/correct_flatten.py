import torch
import torch.nn as nn


class BatchNorm(nn.Module):
    """Everything is brought to (M, C) first, so there is a single code path."""

    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        if num_features <= 0 or eps < 0 or momentum < 0 or momentum > 1:
            raise ValueError("bad configuration")
        self.C, self.eps, self.momentum = num_features, eps, momentum
        self.bias = nn.Parameter(torch.zeros(num_features))
        self.weight = nn.Parameter(torch.ones(num_features))
        self.register_buffer("running_var", torch.ones(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))

    def forward(self, x):
        if x.dim() == 4:
            n, c, h, w = x.shape
            if c != self.C:
                raise ValueError(f"expected {self.C} channels")
            flat = x.permute(0, 2, 3, 1).reshape(-1, c)
            return self._rows(flat).reshape(n, h, w, c).permute(0, 3, 1, 2)
        if x.dim() != 2 or x.size(1) != self.C:
            raise ValueError("expected (N, C) or (N, C, H, W)")
        return self._rows(x)

    def _rows(self, rows):
        if not self.training:
            scale = self.weight * torch.rsqrt(self.running_var + self.eps)
            return rows * scale + (self.bias - self.running_mean * scale)
        m = rows.shape[0]
        if m < 2:
            raise ValueError("need more than one value per channel when training")
        mu = rows.sum(0) / m
        diff = rows - mu
        var = diff.pow(2).sum(0) / m
        with torch.no_grad():
            self.running_mean.mul_(1 - self.momentum).add_(mu, alpha=self.momentum)
            self.running_var.lerp_(diff.pow(2).sum(0) / (m - 1), self.momentum)
        return diff * torch.rsqrt(var + self.eps) * self.weight + self.bias


def batch_norm_backward(grad_output, x, weight, eps=1e-5):
    if x.dim() != 2 or x.shape != grad_output.shape or weight.shape != (x.shape[1],) or x.shape[0] < 2:
        raise ValueError("shapes")
    N = x.shape[0]
    diff = x - x.mean(0)
    ivar = ((diff * diff).mean(0) + eps) ** -0.5
    xhat = diff * ivar
    dbeta = grad_output.sum(0)
    dgamma = (xhat * grad_output).sum(0)
    dx = weight * ivar / N * (N * grad_output - xhat * dgamma - dbeta)
    return dx, dgamma, dbeta
