import math

import torch
from torch import nn


def sinusoidal_positions(length, dim):
    position = torch.arange(length).float().unsqueeze(1)
    half = dim // 2
    angle = position * torch.exp(torch.arange((dim + 1) // 2) * -(math.log(10000) / max(half - 1, 1)))
    table = torch.zeros(length, dim)
    table[:, 0::2] = torch.sin(angle)
    table[:, 1::2] = torch.cos(angle)[:, : dim // 2]
    return table


def causal_mask(length):
    return torch.tril(torch.ones(length, length, dtype=torch.bool))


class EncoderLayer(nn.Module):
    def __init__(self, embed_dim, num_heads, hidden_dim, norm_first=False):
        super().__init__()
        if embed_dim % num_heads != 0:
            raise ValueError("embed_dim must be divisible by num_heads")
        self.attention = nn.MultiheadAttention(embed_dim, num_heads, batch_first=True)
        self.norm1 = nn.LayerNorm(embed_dim)
        self.norm2 = nn.LayerNorm(embed_dim)
        self.linear1 = nn.Linear(embed_dim, hidden_dim)
        self.linear2 = nn.Linear(hidden_dim, embed_dim)
        self.norm_first = norm_first

    def attend(self, x, mask):
        return self.attention(x, x, x, attn_mask=None if mask is None else torch.where(mask, 0.0, -1e4).to(x.dtype), need_weights=False)[0]

    def feed_forward(self, x):
        return self.linear2(torch.relu(self.linear1(x)))

    def forward(self, x, mask=None):
        if self.norm_first:
            x = x + self.attend(self.norm1(x), mask)
            return x + self.feed_forward(self.norm2(x))
        x = self.norm1(x + self.attend(x, mask))
        return self.norm2(x + self.feed_forward(x))
