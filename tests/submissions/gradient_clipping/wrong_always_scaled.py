import numpy as np


def clip_by_value(grads, limit):
    return [np.clip(g, -limit, limit) for g in grads]


def clip_by_global_norm(grads, max_norm):
    norm = np.sqrt(sum(np.sum(np.square(g)) for g in grads))
    return [np.asarray(g) * (max_norm / norm) for g in grads], norm
