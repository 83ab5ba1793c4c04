"""The Transformer's encoder layer and positions (Vaswani et al. 2017; pre-norm: Xiong et al. 2020)."""

import torch
from torch import nn


def check_sizes(**sizes):
    for name, size in sizes.items():
        if size < 1:
            raise ValueError(f"{name} must be at least 1, not {size}")


def check_length(length):
    if length < 0:
        raise ValueError(f"length must not be negative, got {length}")


def check_input(x, embed_dim, mask):
    if x.ndim != 3 or x.shape[2] != embed_dim:
        raise ValueError(f"x must have shape (N, L, {embed_dim}), not {tuple(x.shape)}")
    length = x.shape[1]
    if mask is None:
        return
    if mask.dtype != torch.bool:
        raise ValueError(f"mask must be boolean, not {mask.dtype}")
    if tuple(mask.shape) != (length, length):
        raise ValueError(f"mask must have shape {(length, length)}, not {tuple(mask.shape)}")


def sinusoidal_positions(length, dim):
    check_length(length)
    check_sizes(dim=dim)
    position = torch.arange(length, dtype=torch.float64).unsqueeze(1)
    even_column = torch.arange(0, dim, 2, dtype=torch.float64)
    wavelength = 10000.0 ** (even_column / dim)
    angle = position / wavelength
    encoding = torch.zeros(length, dim, dtype=torch.float64)
    encoding[:, 0::2] = torch.sin(angle)
    encoding[:, 1::2] = torch.cos(angle[:, : dim // 2])
    return encoding.to(torch.float32)


def causal_mask(length):
    check_length(length)
    everything = torch.ones(length, length, dtype=torch.bool)
    return everything.tril()


class EncoderLayer(nn.Module):
    def __init__(self, embed_dim, num_heads, hidden_dim, norm_first=False):
        super().__init__()
        check_sizes(embed_dim=embed_dim, num_heads=num_heads, hidden_dim=hidden_dim)
        if embed_dim % num_heads:
            raise ValueError(f"embed_dim {embed_dim} does not split into {num_heads} heads")
        self.norm_first = norm_first
        self.attention = nn.MultiheadAttention(embed_dim, num_heads, batch_first=True)
        self.norm1 = nn.LayerNorm(embed_dim)
        self.norm2 = nn.LayerNorm(embed_dim)
        self.linear1 = nn.Linear(embed_dim, hidden_dim)
        self.linear2 = nn.Linear(hidden_dim, embed_dim)

    def attend(self, x, mask):
        # nn.MultiheadAttention reads a boolean mask the other way round: True = may not attend.
        blocked = None if mask is None else ~mask
        attended, _ = self.attention(x, x, x, attn_mask=blocked, need_weights=False)
        return attended

    def feed_forward(self, x):
        hidden = torch.relu(self.linear1(x))
        return self.linear2(hidden)

    def forward(self, x, mask=None):
        check_input(x, self.norm1.normalized_shape[0], mask)
        if self.norm_first:
            h = x + self.attend(self.norm1(x), mask)
            return h + self.feed_forward(self.norm2(h))
        h = self.norm1(x + self.attend(x, mask))
        return self.norm2(h + self.feed_forward(h))
