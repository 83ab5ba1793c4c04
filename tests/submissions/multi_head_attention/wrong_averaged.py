import torch
import torch.nn.functional as F


def one_head(q, k, v, mask):
    scores = torch.einsum("nid,njd->nij", q, k) / q.shape[-1] ** 0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, -torch.inf)
    w = scores.softmax(-1)
    if mask is not None:
        w = w.masked_fill(~mask, 0)
    return torch.einsum("nij,njd->nid", w, v)


def multi_head_attention(x, weight_qkv, bias_qkv, weight_out, bias_out, num_heads, mask=None):
    if x.dim() != 3 or x.shape[2] % num_heads != 0:
        raise ValueError("shape of x")
    d = x.shape[2]
    if weight_qkv.shape != (3 * d, d):
        raise ValueError("shape of weight_qkv")
    if mask is not None and mask.shape[-1] != x.shape[1]:
        raise ValueError("shape of mask")
    q, k, v = F.linear(x, weight_qkv, bias_qkv).chunk(3, dim=-1)
    h = d // num_heads
    total = 0
    for i in range(num_heads):
        total = total + one_head(q[..., i * h : i * h + h], k[..., i * h : i * h + h], v[..., i * h : i * h + h], mask)
    mean = total / num_heads
    return F.linear(torch.cat([mean] * num_heads, dim=-1), weight_out, bias_out)
