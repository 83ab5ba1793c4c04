import torch
import torch.nn.functional as F


def multi_head_attention(x, weight_qkv, bias_qkv, weight_out, bias_out, num_heads, mask=None):
    if x.dim() != 3 or x.shape[2] % num_heads != 0:
        raise ValueError("shape of x")
    n, l, d = x.shape
    if weight_qkv.shape != (3 * d, d):
        raise ValueError("shape of weight_qkv")
    if mask is not None and mask.shape[-1] != l:
        raise ValueError("shape of mask")
    q, k, v = F.linear(x, weight_qkv, bias_qkv).chunk(3, dim=-1)
    heads = []
    for q_h, k_h, v_h in zip(*(t.split(d // num_heads, dim=-1) for t in (q, k, v))):
        scores = q_h @ k_h.transpose(1, 2) / (d // num_heads) ** 0.5
        if mask is not None:
            scores = scores.masked_fill(~mask, -torch.inf)
        w = torch.softmax(scores, dim=-1)
        if mask is not None:
            w = torch.where(mask, w, 0.0)
        heads.append(w @ v_h)
    out = torch.stack(heads, dim=1).view(n, l, d)
    return F.linear(out, weight_out, bias_out)
