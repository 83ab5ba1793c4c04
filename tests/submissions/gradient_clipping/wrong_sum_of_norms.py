import numpy as np


def clip_by_value(grads, limit):
    if limit < 0:
        raise ValueError("limit < 0")
    grads = [np.asarray(g) for g in grads]
    grads = [g if g.dtype in (np.float32, np.float64) else g.astype(np.float64) for g in grads]
    return [np.minimum(np.abs(g), limit) for g in grads]


def clip_by_global_norm(grads, max_norm):
    if max_norm < 0:
        raise ValueError("max_norm < 0")
    grads = [np.asarray(g) for g in grads]
    grads = [g if g.dtype in (np.float32, np.float64) else g.astype(np.float64) for g in grads]
    norm = 0.0
    for g in grads:
        norm += float(np.linalg.norm(g))
    factor = max_norm / norm if norm > max_norm else 1.0
    return [factor * g for g in grads], norm
