import numpy as np


def prepare(grads):
    grads = [np.asarray(g) for g in grads]
    return [g if g.dtype in (np.float32, np.float64) else g.astype(float) for g in grads]


def clip_by_value(grads, limit):
    if limit < 0:
        raise ValueError("negative limit")
    grads = prepare(grads)
    return [np.maximum(np.minimum(g, limit), -limit) for g in grads]


def clip_by_global_norm(grads, max_norm):
    if max_norm < 0:
        raise ValueError("negative max_norm")
    grads = prepare(grads)
    vector = np.concatenate([np.zeros(0, np.float32)] + [g.ravel() for g in grads])
    norm = np.linalg.norm(vector)
    if norm <= max_norm:
        return grads, norm
    factor = vector.dtype.type(max_norm / norm)
    pieces = np.split(vector * factor, np.cumsum([g.size for g in grads])[:-1])
    return tuple(piece.reshape(g.shape) for piece, g in zip(pieces, grads)), norm
