import numpy as np
def _f(g):
    g = np.asarray(g)
    return g if g.dtype in (np.float32, np.float64) else g.astype(np.float64)
def magnitude_prune(weights, sparsity):
    if not 0 <= sparsity <= 1: raise ValueError
    w = _f(weights)
    k = int(sparsity) * w.size
    order = np.argsort(np.abs(w).ravel(), kind="stable")
    mask = np.ones(w.size, dtype=bool)
    mask[order[:k]] = False
    mask = mask.reshape(w.shape)
    return np.where(mask, w, 0).astype(w.dtype), mask
def quantize_affine(x, num_bits=8):
    x = _f(x)
    if x.size == 0 or not np.isfinite(x).all() or not 1 <= num_bits <= 32: raise ValueError
    top = 2 ** num_bits - 1
    dtype = np.uint8 if num_bits <= 8 else np.uint16 if num_bits <= 16 else np.uint32
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    if low == high:
        return np.zeros(x.shape, dtype), x.dtype.type(1), 0
    scale = x.dtype.type((high - low) / top)
    zero_point = int(np.clip(np.rint(-low / float(scale)), 0, top))
    q = np.clip(np.rint(x.astype(np.float64) / float(scale)) + zero_point, 0, top).astype(dtype)
    return q, scale, zero_point
def dequantize(q, scale, zero_point):
    scale = np.asarray(scale)
    d = scale.dtype if scale.dtype in (np.float32, np.float64) else np.dtype(float)
    return (float(scale) * (np.asarray(q).astype(np.float64) - zero_point)).astype(d)
