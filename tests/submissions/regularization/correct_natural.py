import numpy as np


def l1_penalty(weights, strength):
    return strength * sum(np.abs(w).sum() for w in weights)


def l2_penalty(weights, strength):
    return strength * sum((np.asarray(w) ** 2).sum() for w in weights)


def l1_gradient(weights, strength):
    return [float(strength) * np.sign(w) for w in weights]


def l2_gradient(weights, strength):
    return [2.0 * strength * np.asarray(w) for w in weights]


def elastic_net_penalty(weights, strength, l1_ratio):
    if not 0 <= l1_ratio <= 1:
        raise ValueError("l1_ratio must be in [0, 1]")
    return l1_penalty(weights, strength * l1_ratio) + l2_penalty(
        weights, strength * (1 - l1_ratio)
    )
