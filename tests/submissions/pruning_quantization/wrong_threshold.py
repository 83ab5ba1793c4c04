import numpy as np


def f(a):
    a = np.asarray(a)
    return a if a.dtype in (np.float32, np.float64) else a.astype(np.float64)


def magnitude_prune(weights, sparsity):
    weights = f(weights)
    if sparsity < 0 or sparsity > 1:
        raise ValueError
    k = int(np.floor(sparsity * weights.size))
    if k == 0:
        return weights.copy(), np.ones(weights.shape, dtype=bool)
    threshold = np.sort(np.abs(weights), axis=None)[k - 1]
    mask = np.abs(weights) > threshold
    return weights * mask, mask


def quantize_affine(x, num_bits=8):
    if num_bits < 1 or num_bits > 32:
        raise ValueError
    x = f(x)
    if x.size == 0 or not np.isfinite(x).all():
        raise ValueError
    qmax = 2**num_bits - 1
    xmin = min(0.0, float(x.min()))
    xmax = max(0.0, float(x.max()))
    scale = (xmax - xmin) / qmax
    if scale == 0.0:
        scale = 1.0
    zp = int(round(-xmin / scale))
    q = (np.float64(1) * x / scale).astype(int) + zp
    q = q.clip(0, qmax)
    for t, b in ((np.uint8, 8), (np.uint16, 16), (np.uint32, 32)):
        if num_bits <= b:
            return q.astype(t), x.dtype.type(scale), zp


def dequantize(q, scale, zero_point):
    scale = f(scale)
    return ((q - scale.dtype.type(zero_point)) * scale).astype(scale.dtype) if np.asarray(q).dtype.itemsize < 4 else (
        (q.astype(np.float64) - zero_point) * scale
    ).astype(scale.dtype)
