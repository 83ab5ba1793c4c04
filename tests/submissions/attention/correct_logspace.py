import numpy as np
from functools import partial


class Softmax:
    """exp(a - logsumexp(a)); a row of -inf gives zeros."""

    def __init__(self, axis=-1):
        self.axis = axis

    def __call__(self, a):
        with np.errstate(all="ignore"):
            lse = partial(np.logaddexp.reduce, axis=self.axis, keepdims=True)(a)
            p = np.exp(a - lse)
        return np.nan_to_num(p, nan=0.0)


def as_floats(*arrays):
    arrays = [np.asarray(a) for a in arrays]
    return [a if a.dtype.kind == "f" else a.astype(np.float64) for a in arrays]


def scaled_dot_product_attention(query, key, value, mask=None):
    query, key, value = as_floats(query, key, value)
    if min(a.ndim for a in (query, key, value)) < 2:
        raise ValueError("at least two dimensions")
    if query.shape[-1] != key.shape[-1] or key.shape[-2] != value.shape[-2]:
        raise ValueError("D or S differ")
    scores = np.matmul(query, np.moveaxis(key, -1, -2)) * query.shape[-1] ** -0.5
    if mask is not None:
        mask = np.asarray(mask)
        if mask.dtype != bool:
            raise ValueError("boolean mask please")
        bias = np.zeros(mask.shape, scores.dtype)
        bias[~mask] = -np.inf
        if mask.ndim > scores.ndim:
            raise ValueError("too many dimensions")
        new = scores + bias
        if new.shape != scores.shape:
            raise ValueError("mask does not fit")
        scores = new
    weights = Softmax()(scores)
    return weights @ value, weights


def attention_pooling(x, scores):
    x, scores = as_floats(x, scores)
    if x.ndim < 2 or scores.shape != x.shape[:-1]:
        raise ValueError("x (..., L, D), scores (..., L)")
    weights = Softmax()(scores)
    return (weights[..., None, :] @ x)[..., 0, :]
