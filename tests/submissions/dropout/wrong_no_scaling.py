"""Dropout as in the 2014 paper: scale at test time."""
import numpy as np


def dropout(x, p, training, rng):
    if p < 0 or p >= 1:
        raise ValueError("p")
    x = np.asarray(x)
    if x.dtype != np.float32:
        x = x.astype(float)
    if training:
        mask = (rng.random(x.shape) >= p).astype(x.dtype)
        return x * mask, mask
    return x * (1 - p), np.ones_like(x)


def dropout_backward(grad_output, mask, p):
    if p < 0 or p >= 1:
        raise ValueError("p")
    grad_output, mask = np.asarray(grad_output), np.asarray(mask)
    if grad_output.shape != mask.shape:
        raise ValueError("mask")
    if grad_output.dtype != np.float32:
        grad_output = grad_output.astype(float)
    return grad_output * mask
