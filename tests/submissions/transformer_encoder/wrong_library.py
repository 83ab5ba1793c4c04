import torch
from torch import nn


def sinusoidal_positions(length, dim):
    raise NotImplementedError("sinusoidal_positions")


def causal_mask(length):
    return nn.Transformer.generate_square_subsequent_mask(length) == 0


class EncoderLayer(nn.TransformerEncoderLayer):
    def __init__(self, embed_dim, num_heads, hidden_dim, norm_first=False):
        if embed_dim % num_heads:
            raise ValueError("heads")
        super().__init__(embed_dim, num_heads, hidden_dim, dropout=0.0, batch_first=True, norm_first=norm_first)
        self.attention = self.self_attn

    def forward(self, x, mask=None):
        if x.dim() != 3 or (mask is not None and mask.size(0) != x.size(1)):
            raise ValueError("shape")
        return super().forward(x, src_mask=None if mask is None else ~mask)
