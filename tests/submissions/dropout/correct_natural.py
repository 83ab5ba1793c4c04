import numpy as np


def dropout(x, p, training, rng):
    if not 0 <= p < 1:
        raise ValueError("p must be in [0, 1)")
    x = np.asarray(x)
    if x.dtype.kind != "f":
        x = x.astype(np.float64)
    if not training:
        return x, np.ones_like(x)
    mask = (rng.random(x.shape) >= p).astype(x.dtype)
    return x * mask / (1 - p), mask


def dropout_backward(grad_output, mask, p):
    if not 0 <= p < 1:
        raise ValueError("p must be in [0, 1)")
    return np.asarray(grad_output) * mask / (1 - p)
