import numpy as np


def clip_by_value(grads, limit):
    if limit < 0:
        raise ValueError("limit must not be negative")
    if not limit:
        return [np.array(g) for g in grads]
    return [np.clip(np.asarray(g), -float(limit), float(limit)) for g in grads]


def clip_by_global_norm(grads, max_norm):
    if max_norm < 0:
        raise ValueError("max_norm must not be negative")
    grads = [np.asarray(g) for g in grads]
    norm = max([np.abs(g).max() for g in grads if g.size] or [0.0])
    if norm > max_norm:
        return [g * float(max_norm / norm) for g in grads], norm
    return [g * 1.0 for g in grads], norm
