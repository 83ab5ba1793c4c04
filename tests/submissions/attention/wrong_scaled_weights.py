import math
import numpy as np


def floats(a):
    a = np.asarray(a)
    return a if a.dtype == np.float32 else a.astype(np.float64)


def softmax(a):
    if a.shape[-1] == 0:
        return a
    a = a - a.max(axis=-1, keepdims=True)
    return np.exp(a) / np.exp(a).sum(axis=-1, keepdims=True)


def scaled_dot_product_attention(query, key, value, mask=None):
    query, key, value = floats(query), floats(key), floats(value)
    if min(query.ndim, key.ndim, value.ndim) < 2 or query.shape[-1] != key.shape[-1]:
        raise ValueError("bad shapes")
    scores = query @ key.swapaxes(-1, -2)
    if mask is not None:
        mask = np.asarray(mask)
        if mask.dtype != bool:
            raise ValueError("bad mask")
        scores = np.where(mask, scores, -np.inf)
    weights = np.nan_to_num(softmax(scores)) / math.sqrt(query.shape[-1])
    return weights @ value, weights


def attention_pooling(x, scores):
    x, scores = floats(x), floats(scores)
    if x.ndim < 2 or scores.shape != x.shape[:-1]:
        raise ValueError("bad shapes")
    return (softmax(scores)[..., None] * x).sum(axis=-2)
