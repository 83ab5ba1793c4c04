import numpy as np


def magnitude_prune(weights, sparsity):
    if not 0 <= sparsity <= 1:
        raise ValueError("sparsity")
    weights = np.asarray(weights)
    if weights.dtype.kind != "f":
        weights = weights.astype(float)
    k = int(sparsity * weights.size)
    mask = np.ones(weights.size, bool)
    mask[np.argsort(np.abs(weights).ravel(), kind="stable")[:k]] = False
    mask = mask.reshape(weights.shape)
    return weights * mask, mask


def quantize_affine(x, num_bits=8):
    x = np.asarray(x)
    if x.dtype.kind != "f":
        x = x.astype(float)
    if x.size == 0 or not np.isfinite(x).all() or not 1 <= num_bits <= 32:
        raise ValueError("x or num_bits")
    top = 2**num_bits - 1
    dtype = np.uint8 if num_bits <= 8 else np.uint16 if num_bits <= 16 else np.uint32
    lo, hi = min(x.min(), 0), max(x.max(), 0)
    if lo == hi:
        return np.zeros(x.shape, dtype), x.dtype.type(1), 0
    scale = x.dtype.type((float(hi) - float(lo)) / top)
    zero_point = int(np.rint(-lo / float(scale)))
    q = np.clip(np.rint(x.astype(float) / float(scale)) + zero_point, 0, top).astype(dtype)
    return q, scale, zero_point


def dequantize(q, scale, zero_point):
    return ((q.astype(float) - zero_point) * scale).astype(scale.dtype)
