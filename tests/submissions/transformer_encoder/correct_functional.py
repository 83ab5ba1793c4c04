import math

import torch
import torch.nn.functional as F
from torch import nn


def sinusoidal_positions(length, dim):
    position = torch.arange(length).unsqueeze(1)
    div_term = torch.exp(torch.arange(0, dim, 2) * (-math.log(10000.0) / dim))
    pairs = torch.stack([torch.sin(position * div_term), torch.cos(position * div_term)], dim=-1)
    return pairs.flatten(1)[:, :dim]


def causal_mask(length):
    i = torch.arange(length)
    return i[:, None] >= i[None, :]


class EncoderLayer(nn.Module):
    def __init__(self, embed_dim, num_heads, hidden_dim, norm_first=False):
        super().__init__()
        if embed_dim % num_heads:
            raise ValueError(f"{embed_dim} features do not split into {num_heads} heads")
        self.linear2 = nn.Linear(hidden_dim, embed_dim)
        self.linear1 = nn.Linear(embed_dim, hidden_dim)
        self.norm2 = nn.LayerNorm(embed_dim)
        self.norm1 = nn.LayerNorm(embed_dim)
        self.attention = nn.MultiheadAttention(embed_dim, num_heads, batch_first=True)
        self.heads, self.norm_first = num_heads, norm_first

    def _attend(self, x, mask):
        out, _ = self.attention(x, x, x, attn_mask=None if mask is None else mask.logical_not(), average_attn_weights=False)
        return out

    def _feed(self, x):
        return F.linear(F.relu(F.linear(x, self.linear1.weight, self.linear1.bias)), self.linear2.weight, self.linear2.bias)

    def _residual(self, x, sublayer, norm):
        return x + sublayer(norm(x)) if self.norm_first else norm(x + sublayer(x))

    def forward(self, x, mask=None):
        if x.ndim != 3 or x.shape[-1] != self.norm1.normalized_shape[0]:
            raise ValueError("x")
        if mask is not None and (mask.dtype != torch.bool or mask.shape != (x.shape[1],) * 2):
            raise ValueError("mask")
        x = self._residual(x, lambda t: self._attend(t, mask), self.norm1)
        return self._residual(x, self._feed, self.norm2)
