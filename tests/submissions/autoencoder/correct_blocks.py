import torch
import torch.nn as nn
import torch.nn.functional as F


class MLP(nn.Module):
    """Fully connected layers with ReLU in between."""

    def __init__(self, first, widths):
        super().__init__()
        self.n = len(widths)
        for i, width in enumerate(widths):
            setattr(self, f"fc{i}", nn.Linear(first, width))
            first = width

    def forward(self, h):
        for i in range(self.n):
            if i > 0:
                h = F.relu(h)
            layer = getattr(self, f"fc{i}")
            h = torch.einsum("ni,oi->no", h, layer.weight) + layer.bias
        return h


class Autoencoder(nn.Module):
    def __init__(self, input_dim, hidden_dims, latent_dim):
        super().__init__()
        hidden_dims = tuple(hidden_dims)
        for n in (input_dim, latent_dim, *hidden_dims):
            if n <= 0:
                raise ValueError("sizes must be at least 1")
        self.sizes = (input_dim, latent_dim)
        self.enc = MLP(input_dim, hidden_dims + (latent_dim,))
        self.dec = MLP(latent_dim, tuple(reversed(hidden_dims)) + (input_dim,))

    def encode(self, x):
        if x.ndim != 2 or x.shape[-1] != self.sizes[0]:
            raise ValueError("x")
        return self.enc(x)

    def decode(self, z):
        if z.ndim != 2 or z.shape[-1] != self.sizes[1]:
            raise ValueError("z")
        return 1 / (1 + torch.exp(-self.dec(z)))

    def forward(self, x):
        code = self.encode(x)
        out = self.decode(code)
        return out


def reconstruction_loss(x_hat, x):
    if x_hat.shape != x.shape or len(x.shape) != 2:
        raise ValueError("x_hat and x")
    total = 0
    for a, b in zip(x_hat, x):
        d = a - b
        total = total + d.dot(d)
    return total / len(x)
