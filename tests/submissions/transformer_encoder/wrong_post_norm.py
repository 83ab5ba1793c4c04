import numpy as np
import torch
import torch.nn as nn


def sinusoidal_positions(length, dim):
    table = np.array([[p / np.power(10000, (j // 2) / dim) for j in range(dim)] for p in range(length)])
    table[:, 0::2] = np.sin(table[:, 0::2])
    table[:, 1::2] = np.cos(table[:, 1::2])
    return torch.tensor(table, dtype=torch.float32)


def causal_mask(length):
    return torch.tril(torch.full((length, length), True))


class EncoderLayer(nn.Module):
    def __init__(self, embed_dim, num_heads, hidden_dim, norm_first=False):
        super().__init__()
        if embed_dim % num_heads != 0:
            raise ValueError("heads")
        self.norm_first = norm_first
        self.attention = nn.MultiheadAttention(embed_dim, num_heads, batch_first=True)
        self.norm1 = nn.LayerNorm(embed_dim)
        self.norm2 = nn.LayerNorm(embed_dim)
        self.linear1 = nn.Linear(embed_dim, hidden_dim)
        self.linear2 = nn.Linear(hidden_dim, embed_dim)

    def sa(self, x, mask):
        return self.attention(x, x, x, attn_mask=None if mask is None else ~mask, need_weights=False)[0]

    def ff(self, x):
        return self.linear2(torch.relu(self.linear1(x)))

    def forward(self, x, mask=None):
        if x.dim() != 3 or (mask is not None and mask.size(0) != x.size(1)):
            raise ValueError("shape")
        if self.norm_first:
            x = x + self.sa(self.norm1(x), mask)
            x = x + self.ff(self.norm2(x))
        else:
            x = x + self.norm1(self.sa(x, mask))
            x = x + self.norm2(self.ff(x))
        return x
