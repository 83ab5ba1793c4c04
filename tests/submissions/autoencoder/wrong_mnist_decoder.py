import torch
from torch import nn


class Autoencoder(nn.Module):
    def __init__(self, input_dim, hidden_dims, latent_dim):
        super().__init__()
        if min([input_dim, latent_dim, *hidden_dims]) < 1:
            raise ValueError("sizes")
        self.input_dim, self.latent_dim = input_dim, latent_dim
        self.enc = nn.ModuleList()
        prev = input_dim
        for width in [*hidden_dims, latent_dim]:
            self.enc.append(nn.Linear(prev, width))
            prev = width
        self.dec = nn.ModuleList()
        for width in [*reversed(hidden_dims), 100]:
            self.dec.append(nn.Linear(prev, width))
            prev = width

    def encode(self, x):
        if x.dim() != 2 or x.shape[1] != self.input_dim:
            raise ValueError("x")
        for layer in self.enc[:-1]:
            x = layer(x).relu()
        return self.enc[-1](x)

    def decode(self, z):
        if z.dim() != 2 or z.shape[1] != self.latent_dim:
            raise ValueError("z")
        for layer in self.dec[:-1]:
            z = layer(z).relu()
        return self.dec[-1](z).sigmoid()

    def forward(self, x):
        return self.decode(self.encode(x))


def reconstruction_loss(x_hat, x):
    if x_hat.shape != x.shape or x.dim() != 2:
        raise ValueError("shapes")
    return ((x_hat - x) ** 2).sum(1).mean(0)
