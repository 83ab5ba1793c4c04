"""Scaled dot-product attention (Vaswani et al. 2017, equation 1) and softmax-weighted pooling."""

import math

import numpy as np


def as_float(x):
    """x as a float array: float32 and float64 keep their dtype, anything else becomes float64."""
    x = np.asarray(x)
    return x if x.dtype in (np.float32, np.float64) else x.astype(np.float64)


def check_attention(query, key, value):
    if min(query.ndim, key.ndim, value.ndim) < 2:
        raise ValueError("query, key and value must have at least two dimensions")
    if query.shape[-1] != key.shape[-1] or query.shape[-1] == 0:
        raise ValueError(f"query and key must share a width of at least 1: {query.shape[-1]} and {key.shape[-1]}")
    if key.shape[-2] != value.shape[-2]:
        raise ValueError(f"there are {key.shape[-2]} keys, but {value.shape[-2]} values")
    np.broadcast_shapes(query.shape[:-2], key.shape[:-2], value.shape[:-2])


def check_mask(mask, shape):
    mask = np.asarray(mask)
    if mask.dtype != bool:
        raise ValueError(f"mask must be boolean, not {mask.dtype}")
    if mask.ndim > len(shape):
        raise ValueError(f"mask of shape {mask.shape} does not broadcast to {shape}")
    return np.broadcast_to(mask, shape)


def scaled_dot_product_attention(query, key, value, mask=None):
    query, key, value = as_float(query), as_float(key), as_float(value)
    check_attention(query, key, value)
    products = query @ np.swapaxes(key, -1, -2)
    scores = products / math.sqrt(query.shape[-1])
    if mask is not None:
        may_attend = check_mask(mask, scores.shape)
        scores = np.where(may_attend, scores, -np.inf)
    largest = scores.max(axis=-1, keepdims=True, initial=-np.inf)
    # A row with nothing to attend to has the maximum −inf, and −inf − (−inf) would be NaN.
    largest = np.where(largest == -np.inf, 0, largest)
    exponentials = np.exp(scores - largest)
    total = exponentials.sum(axis=-1, keepdims=True)
    weights = exponentials / np.where(total == 0, 1, total)
    output = weights @ value
    return output, weights


def attention_pooling(x, scores):
    x, scores = as_float(x), as_float(scores)
    if x.ndim < 2:
        raise ValueError(f"x must have at least two dimensions, not {x.ndim}")
    if scores.shape != x.shape[:-1]:
        raise ValueError(f"scores must be of shape {x.shape[:-1]}, not {scores.shape}")
    shifted = scores - scores.max(axis=-1, keepdims=True, initial=-np.inf)
    positive = np.exp(shifted)
    shares = positive / positive.sum(axis=-1, keepdims=True)
    weighted = shares[..., np.newaxis] * x
    return weighted.sum(axis=-2)
