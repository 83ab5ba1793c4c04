"""A fully connected autoencoder (Hinton & Salakhutdinov 2006) with a linear latent code and a sigmoid output."""

from itertools import pairwise

import torch
from torch import nn


def check_sizes(**sizes):
    for name, size in sizes.items():
        if size < 1:
            raise ValueError(f"{name} must be at least 1, not {size}")


def check_rows(name, rows, width):
    if rows.ndim != 2 or rows.shape[1] != width:
        raise ValueError(f"{name} must have shape (N, {width}), not {tuple(rows.shape)}")


def linear_layers(widths):
    pairs = pairwise(widths)
    return nn.ModuleList(nn.Linear(fan_in, fan_out) for fan_in, fan_out in pairs)


class Autoencoder(nn.Module):
    def __init__(self, input_dim, hidden_dims, latent_dim):
        super().__init__()
        check_sizes(input_dim=input_dim, latent_dim=latent_dim)
        for hidden_dim in hidden_dims:
            check_sizes(hidden_dim=hidden_dim)
        self.input_dim = input_dim
        self.latent_dim = latent_dim
        encoder_widths = [input_dim, *hidden_dims, latent_dim]
        decoder_widths = encoder_widths[::-1]
        self.encoder = linear_layers(encoder_widths)
        self.decoder = linear_layers(decoder_widths)

    def encode(self, x):
        check_rows("x", x, self.input_dim)
        h = x
        for layer in self.encoder[:-1]:
            h = torch.relu(layer(h))
        latent = self.encoder[-1](h)
        return latent

    def decode(self, z):
        check_rows("z", z, self.latent_dim)
        u = z
        for layer in self.decoder[:-1]:
            u = torch.relu(layer(u))
        pre_activation = self.decoder[-1](u)
        return torch.sigmoid(pre_activation)

    def forward(self, x):
        z = self.encode(x)
        return self.decode(z)


def reconstruction_loss(x_hat, x):
    if x_hat.shape != x.shape or x.ndim != 2:
        raise ValueError(f"x_hat and x must share one shape (N, D), got {tuple(x_hat.shape)} and {tuple(x.shape)}")
    squared_error = (x_hat - x) ** 2
    per_example = squared_error.sum(dim=1)
    return per_example.mean()
