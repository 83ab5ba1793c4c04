"""Gradient clipping by value, and by the norm of all gradients together (Pascanu, Mikolov & Bengio 2013)."""

import numpy as np


def as_floats(grads):
    """The gradients as float arrays: float32 and float64 keep their dtype, anything else becomes float64."""
    arrays = [np.asarray(g) for g in grads]
    return [g if g.dtype in (np.float32, np.float64) else g.astype(np.float64) for g in arrays]


def check_bound(name, bound):
    """bound as a Python float: a NumPy float64 would promote float32 arrays."""
    if not bound >= 0:
        raise ValueError(f"{name} must not be negative: {bound}")
    return float(bound)


def clip_by_value(grads, limit):
    grads, limit = as_floats(grads), check_bound("limit", limit)
    return [np.clip(g, -limit, limit) for g in grads]


def clip_by_global_norm(grads, max_norm):
    grads, max_norm = as_floats(grads), check_bound("max_norm", max_norm)
    sum_of_squares = sum((g**2).sum() for g in grads)
    norm = np.sqrt(sum_of_squares)
    scale = max_norm / float(norm) if norm > max_norm else 1.0
    clipped = [g * scale for g in grads]
    return clipped, norm
