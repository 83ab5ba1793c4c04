import numpy as np


def _softmax(z):
    """Rows of -inf become zeros."""
    m = z.max(axis=-1, keepdims=True, initial=-1e30)
    e = np.exp(z - m)
    s = e.sum(axis=-1, keepdims=True)
    s[s == 0] = 1
    return e / s


def scaled_dot_product_attention(query, key, value, mask=None):
    q, k, v = (np.array(a, dtype=None if np.asarray(a).dtype == np.float32 else float) for a in (query, key, value))
    if q.ndim < 2 or k.ndim < 2 or v.ndim < 2 or q.shape[-1] != k.shape[-1] or k.shape[-2] != v.shape[-2]:
        raise ValueError("shape")
    z = q @ np.swapaxes(k, -1, -2)
    z = z / q.dtype.type(np.sqrt(q.shape[-1]))
    if mask is not None:
        if mask.dtype != bool:
            raise ValueError("mask")
        mask = np.broadcast_to(mask, z.shape)
        z[mask] = -np.inf  # masked positions
    w = _softmax(z)
    return w @ v, w


def attention_pooling(x, scores):
    x, scores = (np.array(a, dtype=None if np.asarray(a).dtype == np.float32 else float) for a in (x, scores))
    if x.ndim < 2 or scores.shape != x.shape[:-1]:
        raise ValueError("shape")
    return np.squeeze(_softmax(scores)[..., None, :] @ x, axis=-2)
