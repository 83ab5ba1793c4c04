import numpy as np


def to_arrays(weights):
    out = []
    for w in weights:
        w = np.array(w)
        if w.dtype != np.float32:
            w = w.astype(np.float64)
        out.append(w)
    return out


def l1_penalty(weights, strength):
    total = 0.0
    for w in to_arrays(weights):
        for value in w.ravel():
            total += abs(float(value))
    return strength * total


def l2_penalty(weights, strength):
    total = 0.0
    for w in to_arrays(weights):
        for value in w.flat:
            total += float(value) ** 2
    return strength * total


def l1_gradient(weights, strength):
    grads = []
    for w in to_arrays(weights):
        g = np.zeros_like(w)
        g[w > 0] = strength
        g[w < 0] = -strength
        grads.append(g)
    return grads


def l2_gradient(weights, strength):
    grads = []
    for w in to_arrays(weights):
        w *= 2 * strength
        grads.append(w)
    return grads


def elastic_net_penalty(weights, strength, l1_ratio):
    if l1_ratio < 0 or l1_ratio > 1:
        raise ValueError("l1_ratio must be between 0 and 1")
    return l1_ratio * l1_penalty(weights, strength) + (1 - l1_ratio) * l2_penalty(weights, strength)
