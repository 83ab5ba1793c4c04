"""Loops over flat lists."""
import math

import numpy as np


def to_float(a):
    a = np.asarray(a)
    if a.dtype == np.float32 or a.dtype == np.float64:
        return a
    return a.astype("float64")


def magnitude_prune(weights, sparsity):
    w = to_float(weights)
    if not (0 <= sparsity <= 1):
        raise ValueError("sparsity")
    flat = w.ravel().tolist()
    k = int(sparsity * len(flat))
    ranking = sorted(range(len(flat)), key=lambda i: abs(flat[i]))
    gone = set(ranking[:k])
    mask = np.array([i not in gone for i in range(len(flat))], dtype=bool).reshape(w.shape)
    return np.where(mask, w, np.zeros_like(w)), mask


def quantize_affine(x, num_bits=8):
    if num_bits not in range(1, 33):
        raise ValueError("num_bits must be in 1..32")
    x = to_float(x)
    values = [float(v) for v in x.ravel()]
    if not values or not all(math.isfinite(v) for v in values):
        raise ValueError("x must be finite and not empty")
    top = (1 << num_bits) - 1
    low, high = min(values + [0.0]), max(values + [0.0])
    dtype = "uint8" if num_bits <= 8 else "uint16" if num_bits <= 16 else "uint32"
    if low == high:
        return np.zeros(x.shape, dtype=dtype), x.dtype.type(1.0), 0
    scale = (high - low) / top
    zero_point = min(max(round(-low / scale), 0), top)
    q = [min(max(round(v / scale) + zero_point, 0), top) for v in values]
    return np.array(q, dtype=dtype).reshape(x.shape), x.dtype.type(scale), zero_point


def dequantize(q, scale, zero_point):
    dtype = np.float32 if isinstance(scale, np.float32) else np.float64
    q = np.asarray(q)
    out = [(int(level) - zero_point) * float(scale) for level in q.ravel()]
    return np.array(out, dtype=dtype).reshape(q.shape)
