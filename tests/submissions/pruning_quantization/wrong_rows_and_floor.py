import numpy as np


def magnitude_prune(weights, sparsity):
    w = np.array(weights)
    w = w if w.dtype in (np.float32, np.float64) else w.astype(float)
    if not 0 <= sparsity <= 1:
        raise ValueError
    mask = np.ones(w.shape, bool)
    rows, masks = np.atleast_2d(w.reshape(-1, w.shape[-1])), mask.reshape(-1, w.shape[-1])
    k = int(sparsity * w.shape[-1])
    for row, m in zip(rows, masks):
        m[np.argsort(np.abs(row), kind="stable")[:k]] = False
    return w * mask, mask


def quantize_affine(x, num_bits=8):
    x = np.asarray(x)
    x = x if x.dtype in (np.float32, np.float64) else x.astype(float)
    if x.size < 1 or num_bits < 1 or num_bits > 32 or not np.isfinite(x).all():
        raise ValueError
    top = 2**num_bits - 1
    lo, hi = min(x.min(), 0), max(x.max(), 0)
    if lo == hi:
        return np.zeros(x.shape, np.uint8), x.dtype.type(1), 0
    scale = x.dtype.type((float(hi) - float(lo)) / top)
    zp = float(-lo) / float(scale)
    q = np.clip(np.rint(x.astype(float) / float(scale) + zp), 0, top)
    return q.astype(np.uint8 if num_bits <= 8 else np.uint16 if num_bits <= 16 else np.uint32), scale, zp


def dequantize(q, scale, zero_point):
    q = np.asarray(q)
    s = np.asarray(scale)
    s = s if s.dtype == np.float32 else s.astype(float)
    return (q * s.astype(float)).astype(s.dtype)
