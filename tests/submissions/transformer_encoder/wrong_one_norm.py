import torch
import torch.nn as nn


def sinusoidal_positions(length, dim):
    pe = torch.zeros(length, dim)
    for pos in range(length):
        for i in range(0, dim, 2):
            pe[pos, i] = torch.sin(torch.tensor(pos / 10000 ** (i / dim)))
            if i + 1 < dim:
                pe[pos, i + 1] = torch.cos(torch.tensor(pos / 10000 ** (i / dim)))
    return pe


def causal_mask(length):
    return torch.tensor([[j <= i for j in range(length)] for i in range(length)], dtype=torch.bool)


class EncoderLayer(nn.Module):
    def __init__(self, embed_dim, num_heads, hidden_dim, norm_first=False):
        super().__init__()
        if embed_dim % num_heads != 0:
            raise ValueError("heads")
        self.norm_first = norm_first
        self.attention = nn.MultiheadAttention(embed_dim, num_heads, batch_first=True)
        norm = nn.LayerNorm(embed_dim)
        self.norm1 = norm
        self.norm2 = norm
        self.linear1 = nn.Linear(embed_dim, hidden_dim)
        self.linear2 = nn.Linear(hidden_dim, embed_dim)

    def forward(self, x, mask=None):
        if x.dim() != 3 or (mask is not None and mask.size(0) != x.size(1)):
            raise ValueError("shape")
        m = None if mask is None else torch.logical_not(mask)
        if self.norm_first:
            n = self.norm1(x)
            x = x + self.attention(n, n, n, attn_mask=m)[0]
            x = x + self.linear2(self.linear1(self.norm2(x)).relu())
        else:
            x = self.norm1(x + self.attention(x, x, x, attn_mask=m)[0])
            x = self.norm2(x + self.linear2(self.linear1(x).relu()))
        return x
