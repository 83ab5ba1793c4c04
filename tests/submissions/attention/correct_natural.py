import numpy as np


def scaled_dot_product_attention(query, key, value, mask=None):
    query, key, value = np.asarray(query), np.asarray(key), np.asarray(value)
    scores = query @ np.swapaxes(key, -1, -2) / query.shape[-1] ** 0.5
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    top = scores.max(axis=-1, keepdims=True, initial=-np.inf)
    top = np.where(np.isinf(top), 0, top).astype(scores.dtype)
    e = np.exp(scores - top)
    total = e.sum(axis=-1, keepdims=True)
    weights = e / np.where(total == 0, 1, total).astype(e.dtype)
    return weights @ value, weights


def attention_pooling(x, scores):
    x, scores = np.asarray(x), np.asarray(scores)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = e / e.sum(axis=-1, keepdims=True)
    return (weights[..., None] * x).sum(axis=-2)
