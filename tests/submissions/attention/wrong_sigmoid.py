import numpy as np


def sigmoid(a):
    return 1.0 / (1.0 + np.exp(-a))


def scaled_dot_product_attention(query, key, value, mask=None):
    query, key, value = np.asarray(query), np.asarray(key), np.asarray(value)
    d = query.shape[-1]
    scores = np.matmul(query, key.swapaxes(-2, -1)) / d ** 0.5
    weights = sigmoid(scores)
    if mask is not None:
        weights = weights * mask
    return np.matmul(weights, value), weights


def attention_pooling(x, scores):
    weights = sigmoid(np.asarray(scores))
    weighted = weights[..., None] * np.asarray(x)
    return weighted.sum(axis=-2)
