import torch
from torch import nn


class Autoencoder(nn.Module):
    def __init__(self, input_dim, hidden_dims, latent_dim):
        super().__init__()
        # TODO
        raise NotImplementedError("Autoencoder")

    def encode(self, x):
        # TODO
        raise NotImplementedError("Autoencoder.encode")

    def decode(self, z):
        # TODO
        raise NotImplementedError("Autoencoder.decode")

    def forward(self, x):
        # TODO
        raise NotImplementedError("Autoencoder.forward")


def reconstruction_loss(x_hat, x):
    if x_hat.ndim != 2 or x_hat.shape != x.shape:
        raise ValueError("x_hat and x must be (N, D)")
    return (x_hat - x).square().sum(dim=-1).mean(dim=0)
