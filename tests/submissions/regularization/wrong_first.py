import numpy as np


def as_f(w):
    w = np.asarray(w)
    return w if w.dtype == np.float32 else w.astype(np.float64)


def l1_penalty(weights, strength):
    for w in weights:
        return strength * np.abs(as_f(w)).sum()


def l2_penalty(weights, strength):
    return strength * (as_f(weights[0]) ** 2).sum()


def l1_gradient(weights, strength):
    return strength * np.sign(as_f(weights[0]))


def l2_gradient(weights, strength):
    return 2 * strength * as_f(weights[0])


def elastic_net_penalty(weights, strength, l1_ratio):
    if not 0 <= l1_ratio <= 1:
        raise ValueError("l1_ratio")
    total = 0
    for w in weights:
        total += l1_ratio * np.abs(as_f(w)).sum() + (1 - l1_ratio) * (as_f(w) ** 2).sum()
    return strength * total
