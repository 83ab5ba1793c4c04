import numpy as np


def clip_by_value(grads, limit):
    if limit < 0:
        raise ValueError("limit")
    grads = [np.asarray(g) for g in grads]
    return [np.clip(g if g.dtype == np.float32 else g.astype(float), -limit, limit) for g in grads]


def clip_by_global_norm(grads, max_norm):
    if max_norm < 0:
        raise ValueError("max_norm")
    clipped, total = [], 0.0
    for g in grads:
        g = np.asarray(g)
        g = g if g.dtype == np.float32 else g.astype(float)
        norm = float(np.linalg.norm(g))
        total += norm ** 2
        if norm > max_norm:
            g = g * (max_norm / norm)
        clipped.append(g)
    return clipped, total ** 0.5
