import torch
from torch import nn


def mlp(sizes):
    return nn.ModuleList([nn.Linear(i, o) for i, o in zip(sizes, sizes[1:])])


def run(layers, h):
    for k, layer in enumerate(layers):
        h = layer(h)
        if k + 1 < len(layers):
            h = h.clamp(min=0)
    return h


class Autoencoder(nn.Module):
    def __init__(self, input_dim, hidden_dims, latent_dim):
        super().__init__()
        sizes = [input_dim, *hidden_dims, latent_dim]
        if any(s <= 0 for s in sizes):
            raise ValueError("sizes")
        self.e = mlp(sizes)
        self.d = mlp(sizes[::-1])
        self.i, self.o = input_dim, latent_dim

    def encode(self, x):
        if x.ndim != 2 or x.shape[1] != self.i:
            raise ValueError("x")
        return run(self.e, x)

    def decode(self, z):
        if z.ndim != 2 or z.shape[1] != self.o:
            raise ValueError("z")
        return run(self.d, z)

    def forward(self, x):
        return torch.sigmoid(self.decode(self.encode(x)))


def reconstruction_loss(x_hat, x):
    if x_hat.shape != x.shape or x.ndim != 2:
        raise ValueError("shapes")
    diff = x_hat - x.detach()
    return diff.pow(2).sum(-1).mean()
