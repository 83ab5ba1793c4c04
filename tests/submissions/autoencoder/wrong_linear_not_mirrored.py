import torch
from torch import nn


class Autoencoder(nn.Module):
    def __init__(self, input_dim, hidden_dims, latent_dim):
        super().__init__()
        sizes = (input_dim, *hidden_dims, latent_dim)
        for s in sizes:
            if s < 1:
                raise ValueError(s)
        self.encoder = nn.Sequential(*[nn.Linear(sizes[i], sizes[i + 1]) for i in range(len(sizes) - 1)])
        sizes = (latent_dim, *hidden_dims, input_dim)
        self.decoder = nn.Sequential(*[nn.Linear(sizes[i], sizes[i + 1]) for i in range(len(sizes) - 1)])
        self.input_dim, self.latent_dim = input_dim, latent_dim

    def encode(self, x):
        if x.ndim != 2 or x.size(1) != self.input_dim:
            raise ValueError("x")
        return self.encoder(x)

    def decode(self, z):
        if z.ndim != 2 or z.size(1) != self.latent_dim:
            raise ValueError("z")
        for i, layer in enumerate(self.decoder):
            z = layer(z)
            if i < len(self.decoder) - 1:
                z = torch.relu(z)
        return torch.sigmoid(z)

    def forward(self, x):
        return self.decode(self.encode(x))


def reconstruction_loss(x_hat, x):
    if x_hat.shape != x.shape or x.ndim != 2:
        raise ValueError("shapes")
    return torch.sum((x_hat - x) ** 2)
