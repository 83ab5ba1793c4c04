import math

import torch
import torch.nn as nn


def sinusoidal_positions(length, dim):
    pe = torch.zeros(length, dim)
    position = torch.arange(0, length, dtype=torch.float).unsqueeze(1)
    div_term = torch.exp(torch.arange(0, dim, 2).float() * (-math.log(10000.0) / dim))
    pe[:, 0::2] = torch.sin(position * div_term)
    pe[:, 1::2] = torch.cos(position * div_term[: dim // 2])
    return pe


def causal_mask(length):
    # True where j > i, as nn.Transformer.generate_square_subsequent_mask does
    return torch.triu(torch.ones(length, length, dtype=torch.bool), diagonal=1)


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

    def forward(self, x, mask=None):
        if x.dim() != 3 or (mask is not None and mask.size(0) != x.size(1)):
            raise ValueError("shape")
        # the same convention here
        if self.norm_first:
            y = self.norm1(x)
            x = x + self.attention(y, y, y, attn_mask=mask)[0]
            return x + self.linear2(torch.relu(self.linear1(self.norm2(x))))
        x = self.norm1(x + self.attention(x, x, x, attn_mask=mask)[0])
        return self.norm2(x + self.linear2(torch.relu(self.linear1(x))))
