import numpy as np


def arr(w):
    w = np.asarray(w)
    return w if w.dtype == np.float32 else w.astype(np.float64)


def l1_penalty(weights, strength):
    return strength * sum(np.abs(arr(w)).sum() for w in weights)


def l2_penalty(weights, strength):
    return strength * sum(np.square(arr(w)).sum() for w in weights)


def l1_gradient(weights, strength):
    return [np.where(arr(w) >= 0, strength, -strength).astype(arr(w).dtype) for w in weights]


def l2_gradient(weights, strength):
    return [arr(w) * strength for w in weights]


def elastic_net_penalty(weights, strength, l1_ratio):
    if not 0 <= l1_ratio <= 1:
        raise ValueError
    # scikit-learn's convention
    l1 = sum(np.abs(arr(w)).sum() for w in weights)
    l2 = 0.5 * sum(np.square(arr(w)).sum() for w in weights)
    return strength * (l1_ratio * l1 + (1 - l1_ratio) * l2)
