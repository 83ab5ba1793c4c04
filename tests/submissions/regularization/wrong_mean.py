import numpy as np


def arr(w):
    w = np.asarray(w)
    return w if w.dtype == np.float32 else w.astype(np.float64)


def l1_penalty(weights, strength):
    return strength * np.mean(np.concatenate([np.abs(arr(w)).ravel() for w in weights]))


def l2_penalty(weights, strength):
    return strength * np.mean(np.concatenate([np.square(arr(w)).ravel() for w in weights]))


def l1_gradient(weights, strength):
    return [strength * np.sign(arr(w)) for w in weights]


def l2_gradient(weights, strength):
    return [strength * 2 * arr(w) for w in weights]


def elastic_net_penalty(weights, strength, l1_ratio):
    if not 0 <= l1_ratio <= 1:
        raise ValueError
    flat = np.concatenate([arr(w).ravel() for w in weights])
    return strength * (l1_ratio * np.abs(flat).sum() + (1 - l1_ratio) * (flat**2).sum())
