import numpy as np


def magnitude_prune(weights, sparsity):
    w = np.array(weights, dtype=np.result_type(np.asarray(weights), np.float32) if np.asarray(weights).dtype.kind == "f" else np.float64)
    if sparsity < 0 or sparsity > 1:
        raise ValueError(f"sparsity {sparsity}")
    n = w.size
    rank = np.empty(n, dtype=int)
    rank[np.lexsort((np.arange(n), np.abs(w).ravel()))] = np.arange(n)
    mask = (rank >= np.floor(sparsity * n)).reshape(w.shape)
    w *= mask
    return w, mask


class Affine:
    """A range and a number of bits."""

    def __init__(self, x, bits):
        self.top = np.float64(2.0**bits - 1)
        self.dtype = x.dtype
        x = x.astype(np.float64)
        self.low, self.high = np.minimum(x.min(), 0), np.maximum(x.max(), 0)
        self.scale = (self.high - self.low) / self.top
        if self.scale == 0:
            self.scale = np.float64(1)
        self.zero = np.rint(-self.low / self.scale)

    def levels(self, x):
        return np.minimum(np.maximum(np.rint(x.astype(np.float64) / self.scale) + self.zero, 0), self.top)


def quantize_affine(x, num_bits=8):
    if num_bits < 1 or num_bits > 32:
        raise ValueError("bits")
    x = np.asarray(x)
    if x.dtype.kind != "f":
        x = x.astype(float)
    if x.size == 0 or not np.all(np.isfinite(x)):
        raise ValueError("values")
    a = Affine(x, num_bits)
    store = [t for t in (np.uint8, np.uint16, np.uint32) if np.iinfo(t).bits >= num_bits][0]
    return a.levels(x).astype(store), np.array(a.scale, dtype=x.dtype)[()], int(a.zero)


def dequantize(q, scale, zero_point):
    scale = np.asarray(scale)
    scale = scale if scale.dtype == np.float32 else scale.astype(np.float64)
    return ((np.asarray(q, dtype=np.float64) - zero_point) * scale).astype(scale.dtype)
