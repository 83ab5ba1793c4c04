import numpy as np


def softmax(a):
    e = np.exp(a - np.max(a, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def check(*arrays):
    out = []
    for a in arrays:
        a = np.asarray(a)
        out.append(a if a.dtype == np.float32 else a.astype(float))
    return out


def scaled_dot_product_attention(query, key, value, mask=None):
    query, key, value = check(query, key, value)
    if query.shape[-1] != key.shape[-1] or key.shape[-2] != value.shape[-2]:
        raise ValueError("shapes")
    scores = query @ key.swapaxes(-1, -2) / np.sqrt(query.shape[-1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    weights = softmax(scores)
    return weights @ value, weights


def attention_pooling(x, scores):
    x, scores = check(x, scores)
    if scores.shape != x.shape[:-1] or x.ndim < 2:
        raise ValueError("shapes")
    w = softmax(scores) if scores.size else scores
    return np.sum(w[..., np.newaxis] * x, axis=-2)
