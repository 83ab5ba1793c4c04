"""cs231n style: the mask carries the scale."""
import numpy as np


def dropout(x, p, training, rng):
    if p < 0 or p >= 1:
        raise ValueError("p must be in [0, 1)")
    x = np.asarray(x)
    x = x.astype(np.float64) if x.dtype.kind != "f" else x
    if not training:
        return x, np.ones_like(x)
    mask = ((rng.random(x.shape) >= p) / (1 - p)).astype(x.dtype)
    return x * mask, mask


def dropout_backward(grad_output, mask, p):
    if p < 0 or p >= 1:
        raise ValueError("p must be in [0, 1)")
    grad_output, mask = np.asarray(grad_output), np.asarray(mask)
    if grad_output.shape != mask.shape:
        raise ValueError("shape")
    return grad_output.astype(mask.dtype) * mask
