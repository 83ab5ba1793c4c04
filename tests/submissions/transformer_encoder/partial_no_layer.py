import torch
from torch import nn


def sinusoidal_positions(length, dim):
    table = torch.empty(length, dim, dtype=torch.float32)
    rates = 10000.0 ** (-torch.arange(0, dim, 2, dtype=torch.float32) / dim)
    angles = torch.einsum("p,r->pr", torch.arange(length, dtype=torch.float32), rates)
    table[:, ::2] = angles.sin()
    table[:, 1::2] = angles[:, : table[:, 1::2].shape[1]].cos()
    return table


def causal_mask(length):
    return torch.tril(torch.ones((length, length), dtype=torch.bool))


class EncoderLayer(nn.Module):
    def __init__(self, embed_dim: int, num_heads: int, hidden_dim: int, norm_first: bool = False):
        super().__init__()
        # TODO
        raise NotImplementedError("EncoderLayer")

    def forward(self, x, mask=None):
        # TODO
        raise NotImplementedError("EncoderLayer.forward")
