import torch
from torch import nn


class Autoencoder(nn.Module):
    def __init__(self, input_dim, hidden_dims, latent_dim):
        super().__init__()
        if input_dim < 1 or latent_dim < 1 or any(h < 1 for h in hidden_dims):
            raise ValueError("sizes")
        self.input_dim, self.latent_dim = input_dim, latent_dim
        layers, d = [], input_dim
        for h in list(hidden_dims) + [latent_dim]:
            layers.append(nn.Linear(d, h))
            layers.append(nn.ReLU())
            d = h
        self.encoder = nn.Sequential(*layers)
        layers = []
        for h in list(hidden_dims)[::-1]:
            layers.append(nn.Linear(d, h))
            layers.append(nn.ReLU())
            d = h
        layers.append(nn.Linear(d, input_dim))
        layers.append(nn.Sigmoid())
        self.decoder = nn.Sequential(*layers)

    def encode(self, x):
        if x.dim() != 2 or x.shape[1] != self.input_dim:
            raise ValueError("x")
        return self.encoder(x)

    def decode(self, z):
        if z.dim() != 2 or z.shape[1] != self.latent_dim:
            raise ValueError("z")
        return self.decoder(z)

    def forward(self, x):
        return self.decode(self.encode(x))


def reconstruction_loss(x_hat, x):
    if x_hat.shape != x.shape or x.dim() != 2:
        raise ValueError("shapes")
    return nn.functional.mse_loss(x_hat, x)
