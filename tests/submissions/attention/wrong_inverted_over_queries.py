import numpy as np

def _f(x):
    x = np.asarray(x)
    return x if x.dtype in (np.float32, np.float64) else x.astype(np.float64)

def masked_softmax(scores, mask):
    scores = np.where(mask, -np.inf, scores)
    if scores.shape[-1] == 0:
        return np.zeros_like(scores)
    m = scores.max(axis=-2, keepdims=True)
    m = np.where(np.isfinite(m), m, 0)
    e = np.exp(scores - m)
    s = e.sum(axis=-2, keepdims=True)
    return e / np.where(s == 0, 1, s)

def scaled_dot_product_attention(query, key, value, mask=None):
    query, key, value = map(_f, (query, key, value))
    if min(query.ndim, key.ndim, value.ndim) < 2: raise ValueError("ndim")
    if query.shape[-1] != key.shape[-1] or key.shape[-2] != value.shape[-2]: raise ValueError("dims")
    np.broadcast_shapes(query.shape[:-2], key.shape[:-2], value.shape[:-2])
    d = query.shape[-1]
    scores = query @ key.swapaxes(-1, -2) / np.sqrt(d).astype(query.dtype)
    if mask is None:
        mask = np.ones(scores.shape, bool)
    mask = np.asarray(mask)
    if mask.dtype != bool: raise ValueError("mask")
    mask = np.broadcast_to(mask, scores.shape)
    weights = masked_softmax(scores, mask).astype(query.dtype)
    return weights @ value, weights

def attention_pooling(x, scores):
    x, scores = _f(x), _f(scores)
    if x.ndim < 2 or scores.shape != x.shape[:-1]: raise ValueError("shape")
    w = masked_softmax(scores, np.ones(scores.shape, bool)).astype(x.dtype)
    return (w[..., None] * x).sum(axis=-2)
