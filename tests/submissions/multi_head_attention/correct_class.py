import torch
import torch.nn.functional as F


class SelfAttention:
    def __init__(self, dim, heads):
        if heads < 1 or dim % heads != 0:
            raise ValueError("dim % heads != 0")
        self.heads = heads
        self.head_dim = dim // heads

    def to_heads(self, t):
        n, l, _ = t.shape
        t = t.unflatten(-1, (self.heads, self.head_dim)).permute(0, 2, 1, 3)
        return t.reshape(n * self.heads, l, self.head_dim)

    def from_heads(self, t, n):
        return t.unflatten(0, (n, self.heads)).permute(0, 2, 1, 3).flatten(2)

    def weights(self, q, k, mask):
        scores = torch.bmm(q, k.mT) / self.head_dim**0.5
        if mask is None:
            return F.softmax(scores, dim=-1)
        # finite fill, then take the blocked ones out and normalise what is left
        scores = scores.masked_fill(~mask, torch.finfo(scores.dtype).min)
        w = F.softmax(scores, dim=-1)
        return w * mask

    def __call__(self, x, w_in, b_in, w_out, b_out, mask=None):
        n, l, d = x.shape
        q, k, v = (self.to_heads(t) for t in F.linear(x, w_in, b_in).split(d, dim=2))
        if mask is not None:
            mask = mask.expand(n, l, l).repeat_interleave(self.heads, dim=0)
        return F.linear(self.from_heads(self.weights(q, k, mask) @ v, n), w_out, b_out)


def multi_head_attention(x, weight_qkv, bias_qkv, weight_out, bias_out, num_heads, mask=None):
    if x.dim() != 3:
        raise ValueError("x: (N, L, D)")
    n, l, d = x.shape
    if tuple(weight_qkv.shape) != (3 * d, d) or tuple(weight_out.shape) != (d, d):
        raise ValueError("weights do not fit x")
    if bias_qkv.numel() != 3 * d or bias_out.numel() != d:
        raise ValueError("biases do not fit x")
    if mask is not None and (mask.dtype != torch.bool or mask.shape[-2:] != (l, l) or mask.dim() not in (2, 3)):
        raise ValueError("bad mask")
    return SelfAttention(d, num_heads)(x, weight_qkv, bias_qkv, weight_out, bias_out, mask)
