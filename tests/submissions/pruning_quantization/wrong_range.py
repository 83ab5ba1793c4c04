import math

import numpy as np


def _float(a):
    a = np.asarray(a)
    return a if a.dtype in (np.float32, np.float64) else a.astype(np.float64)


def magnitude_prune(weights, sparsity):
    weights = _float(weights)
    if not 0 <= sparsity <= 1:
        raise ValueError("sparsity must be in [0, 1]")
    n = math.floor(sparsity * weights.size)
    idx = np.argsort(weights, axis=None, kind="stable")[:n]
    mask = np.full(weights.size, True)
    mask[idx] = False
    mask = mask.reshape(weights.shape)
    return np.where(mask, weights, 0).astype(weights.dtype), mask


def quantize_affine(x, num_bits=8):
    x = _float(x)
    if x.size == 0 or not np.isfinite(x).all() or not 1 <= num_bits <= 32:
        raise ValueError("bad input")
    top = 2**num_bits - 1
    lo, hi = float(x.min()), float(x.max())
    if lo == 0 and hi == 0:
        return np.zeros(x.shape, dtype=np.uint8), x.dtype.type(1), 0
    scale = (hi - lo) / top
    zero_point = int(min(max(round(-lo / scale), 0), top))
    q = np.clip(np.round(x.astype(np.float64) / scale) + zero_point, 0, top)
    dtype = np.uint8 if num_bits <= 8 else np.uint16 if num_bits <= 16 else np.uint32
    return q.astype(dtype), x.dtype.type(scale), zero_point


def dequantize(q, scale, zero_point):
    return scale * (q - zero_point)
