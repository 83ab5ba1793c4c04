import torch
import torch.nn as nn


class BatchNorm(nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super(BatchNorm, self).__init__()
        if num_features < 1:
            raise ValueError("num_features must be positive")
        if eps < 0:
            raise ValueError("eps must not be negative")
        if momentum < 0 or momentum > 1:
            raise ValueError("momentum must be in [0, 1]")
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.weight = nn.Parameter(torch.ones(num_features))
        self.bias = nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))

    def forward(self, x):
        if x.dim() == 2:
            dims, shape = [0], (1, -1)
        elif x.dim() == 4:
            dims, shape = [0, 2, 3], (1, -1, 1, 1)
        else:
            raise ValueError("2-D or 4-D input expected")
        if x.size(1) != self.num_features:
            raise ValueError("wrong channel count")
        if self.training:
            if x.numel() / x.size(1) <= 1:
                raise ValueError("more than 1 value per channel expected")
            mean = x.mean(dims)
            var = x.var(dims, unbiased=False)
            # moving average, momentum as in Keras; batch variance as computed above
            self.running_mean.copy_(self.momentum * self.running_mean + (1 - self.momentum) * mean.detach())
            self.running_var.copy_(self.momentum * self.running_var + (1 - self.momentum) * var.detach())
        else:
            mean, var = self.running_mean, self.running_var
        x = (x - mean.view(shape)) / torch.sqrt(var.view(shape) + self.eps)
        return x * self.weight.view(shape) + self.bias.view(shape)


def batch_norm_backward(grad_output, x, weight, eps=1e-5):
    if grad_output.dim() != 2 or grad_output.shape != x.shape or weight.numel() != x.size(1) or weight.dim() != 1:
        raise ValueError("incompatible shapes")
    n = x.size(0)
    if n < 2:
        raise ValueError("batch too small")
    mean = x.mean(0)
    var = x.var(0, unbiased=False)
    x_hat = (x - mean) / torch.sqrt(var + eps)
    d_xhat = grad_output * weight
    # mean and variance are numbers, only the numerator depends on x
    grad_x = d_xhat / torch.sqrt(var + eps)
    return grad_x, (grad_output * x_hat).sum(0), grad_output.sum(0)
