"""Inverted dropout (Srivastava et al. 2014, section 10): what is kept is scaled by 1/(1 − p) while training."""

import numpy as np


def as_float(x):
    """x as a float array: float32 and float64 keep their dtype, anything else becomes float64."""
    x = np.asarray(x)
    return x if x.dtype in (np.float32, np.float64) else x.astype(np.float64)


def check_probability(p):
    """p as a Python float: a NumPy float64 would promote float32 arrays."""
    if not 0 <= p < 1:
        raise ValueError(f"p must lie in [0, 1), not {p}")
    return float(p)


def dropout(x, p, training, rng):
    x, p = as_float(x), check_probability(p)
    if not training:
        return x.copy(), np.ones_like(x)
    keep = rng.random(x.shape) >= p
    mask = keep.astype(x.dtype)
    output = x * mask / (1 - p)
    return output, mask


def dropout_backward(grad_output, mask, p):
    grad_output, mask, p = as_float(grad_output), as_float(mask), check_probability(p)
    if grad_output.shape != mask.shape:
        raise ValueError(f"grad_output has shape {grad_output.shape}, mask {mask.shape}")
    grad_kept = grad_output * mask
    return grad_kept / (1 - p)
