import numpy as np


def clip_by_value(grads, limit):
    if limit < 0:
        raise ValueError("limit must not be negative")
    return [np.clip(np.asarray(g), -float(limit), float(limit)) for g in grads]


def clip_by_global_norm(grads, max_norm):
    if max_norm < 0:
        raise ValueError("max_norm must not be negative")
    grads = [np.asarray(g) for g in grads]
    norm = np.sqrt(sum((g**2).sum() for g in grads))
    if norm > max_norm:
        return [g * float(max_norm / norm) for g in grads], norm
    return [g * 1.0 for g in grads], norm
