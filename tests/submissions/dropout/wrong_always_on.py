import numpy as np


def dropout(x, p, training, rng):
    if p < 0 or p >= 1:
        raise ValueError("p must be in [0, 1)")
    x = np.asarray(x, dtype=np.float32 if getattr(x, "dtype", None) == np.float32 else np.float64)
    mask = np.asarray(rng.random(x.shape) >= p, dtype=x.dtype)
    output = x * mask
    output /= 1 - p
    return output, mask


def dropout_backward(grad_output, mask, p):
    if p < 0 or p >= 1:
        raise ValueError("p must be in [0, 1)")
    if np.shape(grad_output) != np.shape(mask):
        raise ValueError("shape")
    return np.asarray(mask) * np.asarray(grad_output) / (1 - p)
