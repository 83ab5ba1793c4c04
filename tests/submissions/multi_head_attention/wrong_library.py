import torch
import torch.nn.functional as F


def multi_head_attention(x, weight_qkv, bias_qkv, weight_out, bias_out, num_heads, mask=None):
    if x.dim() != 3 or x.shape[2] % num_heads != 0:
        raise ValueError("shape of x")
    n, l, d = x.shape
    if weight_qkv.shape != (3 * d, d):
        raise ValueError("shape of weight_qkv")
    if mask is not None:
        if mask.shape[-1] != l:
            raise ValueError("shape of mask")
        mask = mask if mask.dim() == 2 else mask[:, None]
    q, k, v = F.linear(x, weight_qkv, bias_qkv).view(n, l, 3, num_heads, d // num_heads).permute(2, 0, 3, 1, 4)
    out = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    return F.linear(out.transpose(1, 2).flatten(2), weight_out, bias_out)
