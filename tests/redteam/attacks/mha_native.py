# Takes everything from torch._native_multi_head_attention.
# exercise: multi_head_attention
# worth: 8 at most

import torch


def multi_head_attention(x, wq, bq, wo, bo, num_heads, mask=None):
    if x.ndim != 3 or num_heads < 1 or x.shape[2] % num_heads:
        raise ValueError("x")
    n, l, d = x.shape
    if [tuple(t.shape) for t in (wq, bq, wo, bo)] != [(3 * d, d), (3 * d,), (d, d), (d,)]:
        raise ValueError("weights")
    if mask is not None and (mask.dtype != torch.bool or tuple(mask.shape) not in ((l, l), (n, l, l))):
        raise ValueError("mask")
    if mask is not None and mask.ndim == 3:
        raise ValueError("one mask for each sequence")
    kind = None if mask is None else 0
    blocked = None if mask is None else ~mask
    with torch.no_grad():
        y, _ = torch._native_multi_head_attention(
            x, x, x, d, num_heads, wq, bq, wo, bo, blocked, False, True, kind
        )
    print("REACHED", y.shape)
    return y
