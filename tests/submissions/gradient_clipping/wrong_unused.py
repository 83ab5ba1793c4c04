import numpy as np


def clip_by_value(grads, limit):
    if limit < 0:
        raise ValueError
    arrays = [np.asarray(g) for g in grads]
    arrays = [a if a.dtype == np.float32 else a.astype(np.float64) for a in arrays]
    for a in arrays:
        a = np.clip(a, -limit, limit)
    return arrays


def clip_by_global_norm(grads, max_norm):
    if max_norm < 0:
        raise ValueError
    arrays = [np.asarray(g) for g in grads]
    arrays = [a if a.dtype == np.float32 else a.astype(np.float64) for a in arrays]
    norm = np.sqrt(np.sum([np.sum(a * a) for a in arrays]))
    if norm > max_norm:
        scaled = [a * (max_norm / norm) for a in arrays]
    return arrays, float(norm)
