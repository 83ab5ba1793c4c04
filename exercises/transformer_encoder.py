"""The Transformer's encoder layer, its positions and its causal mask

1. `sinusoidal_positions(length, dim)` returns the float32 matrix P (length, dim), positions from 0:

       P[pos, 2i] = sin(pos / 10000^(2i/dim))        P[pos, 2i+1] = cos(pos / 10000^(2i/dim))

   An odd dim ends in a sin column. Length 0 gives (0, dim).
2. `causal_mask(length)` returns the boolean (L, L) mask in which position i may attend to itself and to
   everything before it: True = may attend. Length 0 gives (0, 0).
3. `EncoderLayer(embed_dim, num_heads, hidden_dim, norm_first=False)` has two sublayers, attention(x) and
   feed_forward(x) = linear2(ReLU(linear1(x))), each with a residual connection and a layer norm, no dropout:

       norm_first=False    h = norm1(x + attention(x))        output = norm2(h + feed_forward(h))
       norm_first=True     h = x + attention(norm1(x))        output = h + feed_forward(norm2(h))

   Required submodules, with PyTorch's default settings and no parameters besides theirs: `attention`,
   nn.MultiheadAttention(embed_dim, num_heads, batch_first=True); `norm1`, `norm2`, nn.LayerNorm(embed_dim);
   `linear1`, nn.Linear(embed_dim, hidden_dim); `linear2`, nn.Linear(hidden_dim, embed_dim).
   `forward(x, mask=None)` takes x (N, L, embed_dim) and a boolean mask (L, L), True = may attend (mind that
   nn.MultiheadAttention has a convention of its own); each row of the mask allows at least one position.

The layer keeps dtype and device and is differentiable in x and every parameter. A negative length, a dim or
size below 1, an embed_dim that num_heads does not divide, an x of another shape, and a mask of another
shape or not boolean raise ValueError. No input is modified. Not allowed: nn.TransformerEncoderLayer
and nn.TransformerDecoderLayer.

>>> sinusoidal_positions(2, 3)
tensor([[0.0000, 1.0000, 0.0000],
        [0.8415, 0.5403, 0.0022]])
>>> causal_mask(2)
tensor([[ True, False],
        [ True,  True]])
"""

import torch
from torch import nn


def sinusoidal_positions(length: int, dim: int) -> torch.Tensor:
    """The (length, dim) float32 position encodings: sin on even columns, cos on odd ones."""
    # TODO
    raise NotImplementedError("sinusoidal_positions")


def causal_mask(length: int) -> torch.Tensor:
    """The boolean (length, length) mask of what each position may attend to."""
    # TODO
    raise NotImplementedError("causal_mask")


class EncoderLayer(nn.Module):
    """Self-attention and a feed-forward network, each with a residual connection and a layer norm."""

    def __init__(self, embed_dim: int, num_heads: int, hidden_dim: int, norm_first: bool = False):
        """Create `attention`, `norm1`, `norm2`, `linear1` and `linear2`."""
        super().__init__()
        # TODO
        raise NotImplementedError("EncoderLayer")

    def forward(self, x: torch.Tensor, mask: torch.Tensor | None = None) -> torch.Tensor:
        """The encoded sequence, of the shape of x (N, L, embed_dim)."""
        # TODO
        raise NotImplementedError("EncoderLayer.forward")
