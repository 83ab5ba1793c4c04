import numpy as np


def clip_by_value(grads, limit):
    if limit < 0:
        raise ValueError("limit must not be negative")
    for i, g in enumerate(grads):
        if not isinstance(g, np.ndarray) or g.dtype.kind != "f":
            g = np.asarray(g, dtype=np.float64)
        g[g > limit] = limit
        g[g < -limit] = -limit
        grads[i] = g
    return grads


def clip_by_global_norm(grads, max_norm):
    if max_norm < 0:
        raise ValueError("max_norm must not be negative")
    grads = [g if isinstance(g, np.ndarray) and g.dtype.kind == "f" else np.asarray(g, dtype=np.float64) for g in grads]
    norm = float(np.sqrt(sum(float((g ** 2).sum()) for g in grads)))
    if norm > max_norm:
        for g in grads:
            np.multiply(g, max_norm / norm, out=g)
    return grads, norm
