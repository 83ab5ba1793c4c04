"""Magnitude pruning (Han et al., 2015) and affine quantization (Jacob et al., 2018)."""

import math

import numpy as np


def as_float(x):
    x = np.asarray(x)
    return x if x.dtype in (np.float32, np.float64) else x.astype(np.float64)


def check_quantizable(x, num_bits):
    if not 1 <= num_bits <= 32:
        raise ValueError(f"num_bits must lie in 1..32, not {num_bits}")
    if x.size == 0:
        raise ValueError("x is empty")
    if not np.isfinite(x).all():
        raise ValueError("x holds nan or inf")


def smallest_unsigned(num_bits):
    if num_bits <= 8:
        return np.uint8
    return np.uint16 if num_bits <= 16 else np.uint32


def magnitude_prune(weights, sparsity):
    weights = as_float(weights)
    if not 0 <= sparsity <= 1:
        raise ValueError(f"sparsity must lie in [0, 1], but is {sparsity}")
    count = math.floor(sparsity * weights.size)
    magnitudes = np.abs(weights).ravel()
    order = np.argsort(magnitudes, kind="stable")
    keep = np.ones(weights.size, dtype=bool)
    keep[order[:count]] = False
    mask = keep.reshape(weights.shape)
    pruned = weights.copy()
    pruned[~mask] = 0
    return pruned, mask


def quantize_affine(x, num_bits=8):
    x = as_float(x)
    check_quantizable(x, num_bits)
    # float64 throughout: float32 cannot tell 2**32 - 1 from 2**32
    wide = x.astype(np.float64)
    low = min(wide.min(), 0.0)
    high = max(wide.max(), 0.0)
    top = 2**num_bits - 1
    scale = x.dtype.type((high - low) / top)
    if scale == 0:
        scale = x.dtype.type(1)
    step = np.float64(scale)
    zero_point = int(np.clip(np.rint(-low / step), 0, top))
    levels = np.rint(wide / step) + zero_point
    q = np.clip(levels, 0, top)
    return q.astype(smallest_unsigned(num_bits)), scale, zero_point


def dequantize(q, scale, zero_point):
    scale = as_float(scale)
    # int64, because an unsigned q minus the zero point would wrap around
    offsets = np.asarray(q).astype(np.int64) - zero_point
    values = offsets * np.float64(scale)
    return values.astype(scale.dtype)
