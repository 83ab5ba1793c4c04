import torch
import torch.nn.functional as F


def multi_head_attention(x, weight_qkv, bias_qkv, weight_out, bias_out, num_heads, mask=None):
    if x.dim() != 3 or x.size(-1) % num_heads != 0:
        raise ValueError("bad shape")
    B, T, C = x.size()
    if weight_qkv.size() != (3 * C, C):
        raise ValueError("bad weight")
    hs = C // num_heads
    q, k, v = F.linear(x, weight_qkv, bias_qkv).split(C, dim=2)
    k = k.reshape(B, num_heads, T, hs)
    q = q.reshape(B, num_heads, T, hs)
    v = v.reshape(B, num_heads, T, hs)
    att = (q @ k.transpose(-2, -1)) * (hs**-0.5)
    if mask is not None:
        if mask.shape[-1] != T:
            raise ValueError("bad mask")
        if mask.dim() == 3:
            mask = mask.unsqueeze(1)
        att = att.masked_fill(mask == 0, float("-inf"))
    att = F.softmax(att, dim=-1)
    att = torch.nan_to_num(att)
    y = att @ v
    y = y.transpose(1, 2).contiguous().view(B, T, C)
    return F.linear(y, weight_out, bias_out)
