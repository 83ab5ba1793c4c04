import math
import numpy as np


def floats(grads):
    return [np.asarray(g, dtype=np.float32 if np.asarray(g).dtype == np.float32 else np.float64) for g in grads]


def clip_by_value(grads, limit):
    if limit < 0:
        raise ValueError("limit < 0")
    return [np.sign(g) * np.minimum(np.abs(g), limit) for g in floats(grads)]


def clip_by_global_norm(grads, max_norm):
    grads = floats(grads)
    norm = math.sqrt(sum(float(np.sum(g ** 2)) for g in grads))
    scale = min(1.0, max_norm / norm)
    return [g * scale for g in grads], norm
