"""Batch normalisation (Ioffe and Szegedy, 2015), with PyTorch's names and its convention for momentum."""

import torch
from torch import nn


def check_settings(num_features, eps, momentum):
    if num_features < 1:
        raise ValueError(f"num_features must be at least 1, not {num_features}")
    if not eps >= 0:
        raise ValueError(f"eps must not be negative, but is {eps}")
    if not 0 <= momentum <= 1:
        raise ValueError(f"momentum must lie in [0, 1], but is {momentum}")


def check_input(x, num_features):
    if x.ndim not in (2, 4) or x.shape[1] != num_features:
        raise ValueError(f"x must be (N, {num_features}) or (N, {num_features}, H, W), not {tuple(x.shape)}")


def check_count(count):
    if count < 2:
        raise ValueError(f"training needs at least two values a channel, got {count}")


def check_backward(grad_output, x, weight):
    if x.ndim != 2 or grad_output.shape != x.shape or weight.shape != x.shape[1:]:
        shapes = f"{tuple(grad_output.shape)}, {tuple(x.shape)} and {tuple(weight.shape)}"
        raise ValueError(f"grad_output, x and weight must be (N, C), (N, C) and (C,), not {shapes}")


class BatchNorm(nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        check_settings(num_features, eps, momentum)
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.weight = nn.Parameter(torch.ones(num_features))
        self.bias = nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))

    def forward(self, x):
        check_input(x, self.num_features)
        if self.training:
            mean, variance = self.batch_statistics(x)
        else:
            mean, variance = self.running_mean, self.running_var
        per_channel = (1, -1) if x.ndim == 2 else (1, -1, 1, 1)
        centred = x - mean.view(per_channel)
        std = torch.sqrt(variance + self.eps)
        normalised = centred / std.view(per_channel)
        return normalised * self.weight.view(per_channel) + self.bias.view(per_channel)

    def batch_statistics(self, x):
        """Mean and biased variance a channel; the running statistics move towards the mean and the unbiased one."""
        count = x.numel() // self.num_features
        check_count(count)
        axes = (0,) if x.ndim == 2 else (0, 2, 3)
        mean = x.mean(dim=axes)
        variance = x.var(dim=axes, unbiased=False)
        new_mean = mean.detach()
        new_var = variance.detach() * count / (count - 1)
        kept = 1 - self.momentum
        self.running_mean = kept * self.running_mean + self.momentum * new_mean
        self.running_var = kept * self.running_var + self.momentum * new_var
        return mean, variance


def batch_norm_backward(grad_output, x, weight, eps=1e-5):
    check_backward(grad_output, x, weight)
    check_count(len(x))
    mu = x.mean(dim=0)
    sigma_squared = x.var(dim=0, unbiased=False)
    inverse_std = 1 / torch.sqrt(sigma_squared + eps)
    x_hat = (x - mu) * inverse_std
    grad_bias = grad_output.sum(dim=0)
    grad_weight = (grad_output * x_hat).sum(dim=0)
    grad_x_hat = grad_output * weight
    through_mean = grad_x_hat.mean(dim=0)
    through_variance = x_hat * (grad_x_hat * x_hat).mean(dim=0)
    grad_x = inverse_std * (grad_x_hat - through_mean - through_variance)
    return grad_x, grad_weight, grad_bias
