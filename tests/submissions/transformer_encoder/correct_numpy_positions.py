import numpy as np
import torch
from torch import nn


def sinusoidal_positions(length, dim):
    column = np.arange(dim)
    angle = np.arange(length)[:, np.newaxis] / np.power(10000.0, 2 * (column // 2) / dim)[np.newaxis, :]
    return torch.from_numpy(np.where(column % 2 == 0, np.sin(angle), np.cos(angle))).float()


def causal_mask(length):
    return ~torch.triu(torch.ones(length, length), diagonal=1).bool()


class FeedForward(nn.Module):
    def __init__(self, first, second):
        super().__init__()
        self.first, self.second = first, second

    def forward(self, x):
        return self.second(self.first(x).clamp(min=0))


class EncoderLayer(nn.Module):
    def __init__(self, embed_dim, num_heads, hidden_dim, norm_first=False):
        super().__init__()
        try:
            self.attention = nn.MultiheadAttention(embed_dim, num_heads, batch_first=True)
        except AssertionError as error:
            raise ValueError(str(error)) from error
        self.norm1, self.norm2 = nn.LayerNorm(embed_dim), nn.LayerNorm(embed_dim)
        self.linear1, self.linear2 = nn.Linear(embed_dim, hidden_dim), nn.Linear(hidden_dim, embed_dim)
        self.feed_forward = FeedForward(self.linear1, self.linear2)
        self.forward_step = self.pre if norm_first else self.post

    def attend(self, x, mask):
        if mask is not None:
            # one mask a sequence and head, as (N * heads, L, L)
            mask = (mask == False).expand(len(x) * self.attention.num_heads, -1, -1)  # noqa: E712
        return self.attention(x, x, x, need_weights=False, attn_mask=mask)[0]

    def pre(self, x, mask):
        x = x + self.attend(self.norm1(x), mask)
        return x + self.feed_forward(self.norm2(x))

    def post(self, x, mask):
        x = self.norm1(self.attend(x, mask) + x)
        return self.norm2(self.feed_forward(x) + x)

    def forward(self, x, mask=None):
        if x.dim() != 3:
            raise ValueError(f"x of rank {x.dim()}")
        if mask is not None and tuple(mask.shape) != (x.shape[1], x.shape[1]):
            raise ValueError(f"mask of shape {tuple(mask.shape)}")
        return self.forward_step(x, mask)
