import numpy as np


def _f(a):
    a = np.asarray(a)
    if a.dtype not in (np.dtype(np.float32), np.dtype(np.float64)):
        return a.astype(np.float64)
    return a


def masked_softmax(scores, mask):
    """Softmax over the last axis with mask, zeros where nothing is left."""
    filled = np.where(mask, scores, np.finfo(scores.dtype).min)
    if filled.shape[-1]:
        filled = filled - filled.max(-1, keepdims=True)
    e = np.exp(filled) * mask
    z = e.sum(-1, keepdims=True)
    return np.divide(e, z, out=np.zeros_like(e), where=z > 0)


def scaled_dot_product_attention(query, key, value, mask=None):
    query, key, value = _f(query), _f(key), _f(value)
    if query.ndim < 2 or key.ndim < 2 or value.ndim < 2:
        raise ValueError("ndim")
    if query.shape[-1] != key.shape[-1]:
        raise ValueError("D")
    if key.shape[-2] != value.shape[-2]:
        raise ValueError("S")
    scale = 1.0 / float(np.sqrt(query.shape[-1]))
    scores = np.einsum("...ld,...sd->...ls", query * scale, key)
    if mask is None:
        mask = np.array(True)
    else:
        mask = np.asarray(mask)
        if mask.dtype.kind != "b":
            raise ValueError("mask must be boolean")
        if np.broadcast_shapes(mask.shape, scores.shape) != scores.shape:
            raise ValueError("mask too large")
    weights = masked_softmax(scores, mask)
    return np.einsum("...ls,...sv->...lv", weights, value), weights


def attention_pooling(x, scores):
    x, scores = _f(x), _f(scores)
    if x.ndim < 2 or scores.shape != x.shape[:-1]:
        raise ValueError("shapes")
    return np.einsum("...ld,...l->...d", x, masked_softmax(scores, np.array(True)))
