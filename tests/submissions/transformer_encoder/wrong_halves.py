import torch
import torch.nn as nn


def sinusoidal_positions(length, dim):
    half = dim // 2
    inv_freq = 1.0 / (10000 ** (torch.arange(0, dim, 2).float() / dim))
    t = torch.arange(length).float()
    freqs = torch.outer(t, inv_freq)
    return torch.cat((freqs.sin(), freqs[:, :half].cos()), dim=-1)


def causal_mask(length):
    return torch.tril(torch.ones(length, length)).bool()


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
        self.relu = nn.ReLU()

    def forward(self, x, mask=None):
        if x.dim() != 3 or (mask is not None and mask.size(0) != x.size(1)):
            raise ValueError("shape")
        inverted = ~mask if mask is not None else None
        residual = x
        if self.norm_first:
            x = self.norm1(x)
        x = residual + self.attention(x, x, x, attn_mask=inverted)[0]
        if not self.norm_first:
            x = self.norm1(x)
        residual = x
        if self.norm_first:
            x = self.norm2(x)
        x = residual + self.linear2(self.relu(self.linear1(x)))
        return x if self.norm_first else self.norm2(x)
