import numpy as np


def as_floats(a):
    a = np.asarray(a)
    return a if a.dtype == np.float32 else a.astype(np.float64)


def softmax(scores):
    exps = np.exp(scores - np.max(scores, axis=-1, keepdims=True, initial=-np.inf))
    return exps / np.sum(exps, axis=-1, keepdims=True)


def scaled_dot_product_attention(query, key, value, mask=None):
    q, k, v = as_floats(query), as_floats(key), as_floats(value)
    if q.ndim < 2 or k.ndim < 2 or v.ndim < 2:
        raise ValueError("at least two dimensions, please")
    weights = softmax(np.einsum("...ld,...sd->...ls", q, k) / np.sqrt(q.shape[-1], dtype=q.dtype))
    if mask is not None:
        mask = np.asarray(mask)
        if mask.dtype != bool:
            raise ValueError("mask must be boolean")
        weights = weights * np.broadcast_to(mask, weights.shape)
        weights /= weights.sum(axis=-1, keepdims=True) + 1e-12
    return np.matmul(weights, v), weights


def attention_pooling(x, scores):
    x, scores = as_floats(x), as_floats(scores)
    if scores.shape != x.shape[:-1]:
        raise ValueError("one score for each row, please")
    return np.einsum("...l,...ld->...d", softmax(scores), x)
