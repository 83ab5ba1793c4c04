import numpy as np


def to_float(a):
    a = np.asarray(a)
    return a if a.dtype in (np.float32, np.float64) else a.astype(float)


def masked_softmax(scores, mask):
    if scores.shape[-1] == 0:
        return scores
    exponentials = np.exp(scores - scores.max(-1, keepdims=True))
    exponentials = np.where(mask, exponentials, 0)
    total = exponentials.sum(-1, keepdims=True)
    return np.divide(exponentials, total, out=np.zeros_like(exponentials), where=total > 0)


def scaled_dot_product_attention(query, key, value, mask=None):
    query, key, value = map(to_float, (query, key, value))
    if min(query.ndim, key.ndim, value.ndim) < 2 or key.shape[-1] != query.shape[-1]:
        raise ValueError("shapes do not fit")
    scores = (query @ np.swapaxes(key, -2, -1)) / query.shape[-1] ** 0.5
    mask = np.array(True) if mask is None else np.asarray(mask)
    if mask.dtype != bool:
        raise ValueError("the mask must be boolean")
    weights = masked_softmax(scores, np.broadcast_to(mask, scores.shape))
    return weights @ value, weights


def attention_pooling(x, scores):
    x, scores = to_float(x), to_float(scores)
    if scores.shape != x.shape[:-1]:
        raise ValueError("shapes do not fit")
    return (masked_softmax(scores, True)[..., None] * x).sum(-2)
