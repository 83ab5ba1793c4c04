import torch
from torch.nn import functional as F


def multi_head_attention(x, weight_qkv, bias_qkv, weight_out, bias_out, num_heads, mask=None):
    if x.ndim != 3:
        raise ValueError
    N, L, D = x.shape
    if D % num_heads or weight_qkv.shape != (3 * D, D):
        raise ValueError
    q, k, v = F.linear(x, weight_qkv, bias_qkv).view(N, L, 3, num_heads, -1).permute(2, 0, 3, 1, 4)
    scores = q @ k.mT / (D // num_heads) ** 0.5
    if mask is not None:
        if mask.shape != (L, L) and mask.shape != (N, L, L):
            raise ValueError
        if mask.ndim == 3:
            mask = mask[:, None, :, :]
    attn = scores.softmax(dim=-1)
    if mask is not None:
        attn = attn * mask
        attn = attn / (attn.sum(dim=-1, keepdim=True) + 1e-12)
    return F.linear((attn @ v).transpose(1, 2).reshape(N, L, D), weight_out, bias_out)
