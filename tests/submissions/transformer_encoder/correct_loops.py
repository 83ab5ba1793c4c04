import math

import torch
import torch.nn as nn


def sinusoidal_positions(length, dim):
    pe = torch.zeros((length, dim))
    for pos in range(length):
        for col in range(dim):
            i = col // 2
            angle = pos / math.pow(10000, 2 * i / dim)
            pe[pos][col] = math.sin(angle) if col % 2 == 0 else math.cos(angle)
    return pe


def causal_mask(length):
    mask = torch.zeros(length, length, dtype=torch.bool)
    for i in range(length):
        mask[i, : i + 1] = True
    return mask


class EncoderLayer(nn.Module):
    def __init__(self, embed_dim, num_heads, hidden_dim, norm_first=False):
        super().__init__()
        if num_heads < 1 or embed_dim % num_heads != 0:
            raise ValueError("embed_dim must be a multiple of num_heads")
        self.norm_first = norm_first
        self.attention = nn.MultiheadAttention(embed_dim, num_heads, dropout=0.0, batch_first=True)
        self.norm1 = nn.LayerNorm(embed_dim)
        self.norm2 = nn.LayerNorm(embed_dim)
        self.linear1 = nn.Linear(embed_dim, hidden_dim)
        self.linear2 = nn.Linear(hidden_dim, embed_dim)
        # for printing only: shares its parameters with the layers above
        self.feed_forward = nn.Sequential(self.linear1, nn.ReLU(), self.linear2)

    def forward(self, x, mask=None):
        if x.dim() != 3:
            raise ValueError("x must be (N, L, D)")
        attn_mask = None
        if mask is not None:
            if mask.shape != (x.size(1), x.size(1)):
                raise ValueError("mask must be (L, L)")
            attn_mask = torch.zeros(mask.shape, dtype=x.dtype)
            attn_mask[~mask] = float("-inf")
        if self.norm_first:
            y = self.norm1(x)
            x = x + self.attention(y, y, y, attn_mask=attn_mask)[0]
            x = x + self.feed_forward(self.norm2(x))
        else:
            x = self.norm1(x + self.attention(x, x, x, attn_mask=attn_mask)[0])
            x = self.norm2(x + self.feed_forward(x))
        return x
