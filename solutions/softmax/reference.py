"""Softmax with the maximum of each slice subtracted, so that no exponential overflows."""

import numpy as np


def as_float(x):
    """x as a float array: float32 and float64 keep their dtype, anything else becomes float64."""
    x = np.asarray(x)
    return x if x.dtype in (np.float32, np.float64) else x.astype(np.float64)


def check_axis(x, axis):
    if not -x.ndim <= axis < x.ndim:
        raise ValueError(f"axis {axis} is out of range for an array of {x.ndim} dimensions")


def softmax(x, axis=-1):
    x = as_float(x)
    check_axis(x, axis)
    shifted = x - x.max(axis=axis, keepdims=True)
    exponentials = np.exp(shifted)
    return exponentials / exponentials.sum(axis=axis, keepdims=True)


def softmax_jacobian(x):
    x = as_float(x)
    if x.ndim != 1:
        raise ValueError(f"x must have one dimension, not {x.ndim}")
    exponentials = np.exp(x - x.max())
    s = exponentials / exponentials.sum()
    return np.diag(s) - np.outer(s, s)


def softmax_backward(grad_output, output, axis=-1):
    grad_output, output = as_float(grad_output), as_float(output)
    if grad_output.shape != output.shape:
        raise ValueError(f"grad_output has shape {grad_output.shape}, output {output.shape}")
    check_axis(output, axis)
    inner = (grad_output * output).sum(axis=axis, keepdims=True)
    return output * (grad_output - inner)
