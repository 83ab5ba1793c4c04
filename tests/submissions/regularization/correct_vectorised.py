import numpy as np


def _floats(w):
    w = np.asarray(w)
    return w if np.issubdtype(w.dtype, np.floating) else w.astype(float)


def _flat(weights):
    return np.concatenate([_floats(w).reshape(-1) for w in weights])


def l1_penalty(weights, strength):
    return strength * np.linalg.norm(_flat(weights), 1)


def l2_penalty(weights, strength):
    v = _flat(weights)
    return np.asarray(strength * np.dot(v, v), dtype=v.dtype)


def l1_gradient(weights, strength):
    def slope(w):
        return ((w > 0).astype(w.dtype) - (w < 0).astype(w.dtype)) * strength

    return tuple(slope(_floats(w)) for w in weights)


def l2_gradient(weights, strength):
    return [np.multiply(w, 2 * strength) for w in map(_floats, weights)]


def elastic_net_penalty(weights, strength, l1_ratio):
    if not 0 <= l1_ratio <= 1:
        raise ValueError(f"l1_ratio = {l1_ratio}")
    v = _flat(weights)
    return float(strength * np.sum(l1_ratio * np.abs(v) + (1 - l1_ratio) * v * v))
