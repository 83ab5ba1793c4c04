import math

import torch


def validate(x, weight_qkv, bias_qkv, weight_out, bias_out, num_heads, mask):
    if x.dim() != 3:
        raise ValueError("x must be 3-D")
    N, L, D = x.shape
    if num_heads <= 0 or D % num_heads != 0:
        raise ValueError("embed dim must be divisible by num_heads")
    if weight_qkv.shape != (3 * D, D) or bias_qkv.shape != (3 * D,):
        raise ValueError("bad in-projection")
    if weight_out.shape != (D, D) or bias_out.shape != (D,):
        raise ValueError("bad out-projection")
    if mask is not None:
        if mask.dtype is not torch.bool:
            raise ValueError("bool mask please")
        if mask.shape != (L, L) and mask.shape != (N, L, L):
            raise ValueError("mask shape")


def multi_head_attention(x, weight_qkv, bias_qkv, weight_out, bias_out, num_heads, mask=None):
    validate(x, weight_qkv, bias_qkv, weight_out, bias_out, num_heads, mask)
    N, L, D = x.shape
    d = D // num_heads
    Wq, Wk, Wv = weight_qkv[:D], weight_qkv[D : 2 * D], weight_qkv[2 * D :]
    bq, bk, bv = bias_qkv[:D], bias_qkv[D : 2 * D], bias_qkv[2 * D :]

    rows = []
    for n in range(N):
        m = None if mask is None else (mask if mask.dim() == 2 else mask[n])
        pieces = []
        for j in range(num_heads):
            s = slice(j * d, (j + 1) * d)
            q = x[n] @ Wq[s].t() + bq[s]
            k = x[n] @ Wk[s].t() + bk[s]
            v = x[n] @ Wv[s].t() + bv[s]
            out_rows = []
            for i in range(L):
                allowed = torch.arange(L) if m is None else m[i].nonzero().flatten()
                if allowed.numel() == 0:
                    out_rows.append(x.new_zeros(d))
                    continue
                scores = (k[allowed] * q[i]).sum(1) / math.sqrt(d)
                w = torch.exp(scores - scores.max())
                w = w / w.sum()
                out_rows.append((w[:, None] * v[allowed]).sum(0))
            pieces.append(torch.stack(out_rows))
        rows.append(torch.cat(pieces, dim=1))
    return torch.stack(rows) @ weight_out.t() + bias_out
