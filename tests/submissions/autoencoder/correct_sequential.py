import torch
from torch import nn


class Autoencoder(nn.Module):
    def __init__(self, input_dim, hidden_dims, latent_dim):
        super().__init__()
        dims = [input_dim] + list(hidden_dims) + [latent_dim]
        if min(dims) < 1:
            raise ValueError("all sizes must be positive")
        self.dims = dims
        down = []
        for a, b in zip(dims[:-1], dims[1:]):
            down += [nn.Linear(a, b), nn.ReLU(inplace=True)]
        self.down = nn.Sequential(*down[:-1])
        up = []
        rev = dims[::-1]
        for a, b in zip(rev[:-1], rev[1:]):
            up += [nn.Linear(a, b), nn.ReLU(inplace=True)]
        up[-1] = nn.Sigmoid()
        self.up = nn.Sequential(*up)

    @staticmethod
    def _check(t, width):
        if t.dim() != 2 or t.size(1) != width:
            raise ValueError(f"expected (N, {width}), got {tuple(t.shape)}")

    def encode(self, x):
        self._check(x, self.dims[0])
        return self.down(x)

    def decode(self, z):
        self._check(z, self.dims[-1])
        return self.up(z)

    def forward(self, x):
        return self.decode(self.encode(x))


def reconstruction_loss(x_hat, x):
    if x_hat.dim() != 2 or x_hat.shape != x.shape:
        raise ValueError("shapes")
    return nn.functional.mse_loss(x_hat, x, reduction="sum") / x.shape[0]
