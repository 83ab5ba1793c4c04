import numpy as np


def magnitude_prune(weights, sparsity):
    weights = np.asarray(weights)
    if weights.dtype not in (np.float32, np.float64):
        weights = weights.astype(np.float64)
    if sparsity < 0 or sparsity > 1:
        raise ValueError("sparsity")
    k = int(sparsity * weights.size)
    order = np.abs(weights).ravel().argsort(kind="stable")
    mask = np.ones_like(weights, dtype=bool)
    mask.flat[order[:k]] = False
    weights[~mask] = 0
    return weights, mask


def quantize_affine(x, num_bits=8):
    x = np.asarray(x)
    if x.dtype not in (np.float32, np.float64):
        x = x.astype(np.float64)
    if num_bits < 1 or num_bits > 32 or x.size == 0 or not np.isfinite(x).all():
        raise ValueError("input")
    qmin, qmax = -(2 ** (num_bits - 1)), 2 ** (num_bits - 1) - 1
    lo, hi = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    scale = (hi - lo) / (qmax - qmin)
    if scale == 0:
        scale = 1.0
    zp = int(np.rint(qmin - lo / scale))
    q = np.clip(np.rint(np.asarray(x, dtype=np.float64) / scale) + zp, qmin, qmax)
    dtype = np.int8 if num_bits <= 8 else np.int16 if num_bits <= 16 else np.int32
    return q.astype(dtype), x.dtype.type(scale), zp


def dequantize(q, scale, zero_point):
    scale = np.asarray(scale)
    values = (np.asarray(q).astype(np.int64) - zero_point) * float(scale)
    return values.astype(scale.dtype if scale.dtype == np.float32 else np.float64)
