import numpy as np


def softmax(x, axis):
    x = x - x.max(axis=axis, keepdims=True)
    return np.exp(x) / np.exp(x).sum(axis=axis, keepdims=True)


def scaled_dot_product_attention(query, key, value, mask=None):
    """Written for batches (N, L, D): keys are axis 2 ... or is it 1?"""
    query, key, value = np.asarray(query), np.asarray(key), np.asarray(value)
    scores = query @ np.swapaxes(key, -1, -2) / query.shape[-1] ** 0.5
    if mask is not None:
        scores = np.where(mask, scores, -1e9)
    weights = softmax(scores, axis=-2)
    return weights @ value, weights


def attention_pooling(x, scores):
    x, scores = np.asarray(x), np.asarray(scores)
    weights = softmax(scores, axis=0)
    return np.einsum("...l,...ld->...d", weights, x)
