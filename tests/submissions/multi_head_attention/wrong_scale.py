import torch


def softmax(z):
    z = z - torch.clamp(z.max(dim=-1, keepdim=True).values, min=-1e30)
    e = torch.exp(z)
    return e / torch.clamp(e.sum(dim=-1, keepdim=True), min=1e-30)


def multi_head_attention(x, weight_qkv, bias_qkv, weight_out, bias_out, num_heads, mask=None):
    if x.ndim != 3:
        raise ValueError("x")
    D = x.shape[-1]
    if D % num_heads:
        raise ValueError("heads")
    if weight_qkv.shape != (3 * D, D):
        raise ValueError("weight")
    if mask is not None and mask.shape[-2:] != (x.shape[1], x.shape[1]):
        raise ValueError("mask")
    q = x @ weight_qkv[:D].T + bias_qkv[:D]
    k = x @ weight_qkv[D : 2 * D].T + bias_qkv[D : 2 * D]
    v = x @ weight_qkv[2 * D :].T + bias_qkv[2 * D :]
    outs = []
    for qi, ki, vi in zip(q.chunk(num_heads, -1), k.chunk(num_heads, -1), v.chunk(num_heads, -1)):
        s = torch.matmul(qi, ki.mT) / D**0.5
        if mask is not None:
            s = s.masked_fill(~mask, float("-inf"))
        outs.append(softmax(s) @ vi)
    return torch.cat(outs, -1) @ weight_out.T + bias_out
