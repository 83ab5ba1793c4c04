import torch
import torch.nn as nn


def sinusoidal_positions(length, dim):
    pos = torch.arange(1, length + 1, dtype=torch.float32).view(-1, 1)
    i = torch.arange(dim)
    angle = pos / torch.pow(torch.tensor(10000.0), (i - i % 2) / dim)
    return torch.where(i % 2 == 0, angle.sin(), angle.cos())


def causal_mask(length):
    return torch.ones(length, length).tril(diagonal=0) == 1


class EncoderLayer(nn.Module):
    """Attention, then an LSTM that keeps the order of the words."""

    def __init__(self, embed_dim, num_heads, hidden_dim, norm_first=False):
        super().__init__()
        if embed_dim % num_heads != 0:
            raise ValueError("heads")
        self.norm_first = norm_first
        self.attention = nn.MultiheadAttention(embed_dim, num_heads, batch_first=True)
        self.lstm = nn.LSTM(hidden_dim, hidden_dim, batch_first=True)
        self.norm1 = nn.LayerNorm(embed_dim)
        self.norm2 = nn.LayerNorm(embed_dim)
        self.linear1 = nn.Linear(embed_dim, hidden_dim)
        self.linear2 = nn.Linear(hidden_dim, embed_dim)

    def forward(self, x, mask=None):
        if x.dim() != 3 or (mask is not None and mask.size(0) != x.size(1)):
            raise ValueError("shape")
        blocked = None if mask is None else ~mask
        y = self.norm1(x) if self.norm_first else x
        x = x + self.attention(y, y, y, attn_mask=blocked)[0]
        x = x if self.norm_first else self.norm1(x)
        y = self.norm2(x) if self.norm_first else x
        hidden, _ = self.lstm(torch.relu(self.linear1(y)))
        x = x + self.linear2(hidden)
        return x if self.norm_first else self.norm2(x)
