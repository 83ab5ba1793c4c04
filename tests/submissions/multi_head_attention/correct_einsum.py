import torch


def multi_head_attention(x, weight_qkv, bias_qkv, weight_out, bias_out, num_heads, mask=None):
    if x.ndim != 3:
        raise ValueError(f"expected (N, L, D), got {tuple(x.shape)}")
    n, l, d = x.shape
    if num_heads < 1 or d % num_heads:
        raise ValueError("num_heads must divide D")
    for t, shape in [(weight_qkv, (3 * d, d)), (bias_qkv, (3 * d,)), (weight_out, (d, d)), (bias_out, (d,))]:
        if t.shape != shape:
            raise ValueError(f"expected {shape}, got {tuple(t.shape)}")
    h, e = num_heads, d // num_heads
    w = weight_qkv.view(3, h, e, d)
    b = bias_qkv.view(3, h, e)
    q, k, v = torch.einsum("nld,thed->tnlhe", x, w) + b[:, None, None]
    scores = torch.einsum("nihe,njhe->nhij", q * e**-0.5, k)
    if mask is not None:
        if mask.dtype != torch.bool or mask.shape not in ((l, l), (n, l, l)):
            raise ValueError("mask must be a bool tensor (L, L) or (N, L, L)")
        keep = (mask if mask.ndim == 3 else mask[None])[:, None]
        scores = torch.where(keep, scores, torch.full_like(scores, float("-inf")))
        attn = scores.softmax(-1).nan_to_num(0.0)
    else:
        attn = scores.softmax(-1)
    per_head = torch.einsum("nhij,njhe->nihe", attn, v)
    return torch.einsum("nihe,ohe->nio", per_head, weight_out.view(d, h, e)) + bias_out
