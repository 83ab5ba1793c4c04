"""Multi-head self-attention (Vaswani et al. 2017, "Attention is all you need", section 3.2)."""

import math

import torch


def check_shapes(x, weight_qkv, bias_qkv, weight_out, bias_out, num_heads, mask):
    if x.ndim != 3:
        raise ValueError(f"x must have shape (N, L, D), not {tuple(x.shape)}")
    batch, length, dim = x.shape
    if num_heads < 1 or dim % num_heads:
        raise ValueError(f"D = {dim} does not split into {num_heads} heads")
    expected = {"weight_qkv": (3 * dim, dim), "bias_qkv": (3 * dim,), "weight_out": (dim, dim), "bias_out": (dim,)}
    given = {"weight_qkv": weight_qkv, "bias_qkv": bias_qkv, "weight_out": weight_out, "bias_out": bias_out}
    for name, shape in expected.items():
        if tuple(given[name].shape) != shape:
            raise ValueError(f"{name} must have shape {shape}, not {tuple(given[name].shape)}")
    if mask is None:
        return
    if mask.dtype != torch.bool:
        raise ValueError(f"mask must be boolean, not {mask.dtype}")
    if tuple(mask.shape) not in ((length, length), (batch, length, length)):
        raise ValueError(f"mask must have shape (L, L) or (N, L, L), not {tuple(mask.shape)}")


def split_heads(x, num_heads):
    """(N, L, D) → (N, heads, L, D/heads)."""
    batch, length, dim = x.shape
    separate = x.reshape(batch, length, num_heads, dim // num_heads)
    return separate.transpose(1, 2)


def multi_head_attention(x, weight_qkv, bias_qkv, weight_out, bias_out, num_heads, mask=None):
    check_shapes(x, weight_qkv, bias_qkv, weight_out, bias_out, num_heads, mask)
    batch, length, dim = x.shape
    head_dim = dim // num_heads

    qkv = x @ weight_qkv.T + bias_qkv
    query, key, value = qkv.chunk(3, dim=-1)
    query = split_heads(query, num_heads)
    key = split_heads(key, num_heads)
    value = split_heads(value, num_heads)

    scores = query @ key.transpose(-2, -1)
    scores = scores / math.sqrt(head_dim)
    if mask is None:
        mask = torch.ones(length, length, dtype=torch.bool, device=x.device)
    blocked = ~mask.unsqueeze(-3)
    scores = scores.masked_fill(blocked, -torch.inf)
    weights = torch.softmax(scores, dim=-1)
    # A fully masked row has just become 0/0; the second mask makes it zero, its gradient too.
    weights = weights.masked_fill(blocked, 0.0)

    heads = weights @ value
    merged = heads.transpose(1, 2).reshape(batch, length, dim)
    return merged @ weight_out.T + bias_out
