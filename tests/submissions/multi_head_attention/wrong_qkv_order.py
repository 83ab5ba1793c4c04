import math

import torch


def multi_head_attention(x, weight_qkv, bias_qkv, weight_out, bias_out, num_heads, mask=None):
    if x.dim() != 3:
        raise ValueError("3-D x expected")
    batch, seq, dim = x.shape
    if dim % num_heads != 0:
        raise ValueError("not divisible")
    if weight_qkv.shape[1] != dim:
        raise ValueError("weight_qkv")
    if mask is not None and mask.shape[-1] != seq:
        raise ValueError("mask")
    head_dim = dim // num_heads
    qkv = torch.nn.functional.linear(x, weight_qkv, bias_qkv)
    # as in the tutorial: one block of 3 * head_dim columns a head
    qkv = qkv.reshape(batch, seq, num_heads, 3 * head_dim).permute(0, 2, 1, 3)
    q, k, v = qkv.chunk(3, dim=-1)
    logits = torch.matmul(q, k.transpose(-2, -1)) / math.sqrt(head_dim)
    if mask is not None:
        m = mask if mask.dim() == 3 else mask.unsqueeze(0)
        m = m.unsqueeze(1)
        logits = torch.where(m, logits, torch.tensor(-math.inf, dtype=logits.dtype))
        attention = torch.where(m, torch.softmax(logits, -1), torch.zeros((), dtype=logits.dtype))
    else:
        attention = torch.softmax(logits, -1)
    values = torch.matmul(attention, v).permute(0, 2, 1, 3).reshape(batch, seq, dim)
    return torch.nn.functional.linear(values, weight_out, bias_out)
