import torch


def multi_head_attention(x, weight_qkv, bias_qkv, weight_out, bias_out, num_heads, mask=None):
    D = x.shape[-1]
    if D % num_heads:
        raise ValueError("heads")
    d = D // num_heads
    q, k, v = (x @ weight_qkv.T + bias_qkv).chunk(3, dim=-1)
    heads = []
    for qh, kh, vh in zip(q.split(d, -1), k.split(d, -1), v.split(d, -1), strict=True):
        s = qh @ kh.transpose(-2, -1) / d**0.5
        if mask is not None:
            s = s.masked_fill(~mask, float("-inf"))
        heads.append(s.softmax(-1).nan_to_num() @ vh)
    return torch.cat(heads, -1) @ weight_out.T + bias_out
