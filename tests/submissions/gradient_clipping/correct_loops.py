import math

import numpy as np


def _arrays(grads):
    result = []
    for g in grads:
        g = np.array(g)
        if g.dtype != np.float32:
            g = g.astype(np.float64)
        result.append(g)
    return result


def clip_by_value(grads, limit):
    if limit < 0:
        raise ValueError("limit must be >= 0")
    clipped = _arrays(grads)
    for g in clipped:
        flat = g.reshape(-1)
        for i in range(flat.size):
            if flat[i] > limit:
                flat[i] = limit
            elif flat[i] < -limit:
                flat[i] = -limit
    return clipped


def clip_by_global_norm(grads, max_norm):
    if max_norm < 0:
        raise ValueError("max_norm must be >= 0")
    clipped = _arrays(grads)
    total = 0.0
    for g in clipped:
        for v in g.flat:
            total += float(v) ** 2
    norm = math.sqrt(total)
    if norm > max_norm:
        for g in clipped:
            g *= max_norm / norm
    return clipped, norm
