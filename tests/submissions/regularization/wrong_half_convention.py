import numpy as np


def _arr(w):
    w = np.asarray(w)
    if w.dtype.type not in (np.float32, np.float64):
        w = w.astype(np.float64)
    return w


def _chk(strength):
    if strength < 0:
        raise ValueError("strength must not be negative")


def l1_penalty(weights, strength):
    _chk(strength)
    total = 0.0
    for w in weights:
        total += np.abs(_arr(w)).sum()
    return float(strength * total)


def l2_penalty(weights, strength):
    _chk(strength)
    total = 0.0
    for w in weights:
        total += np.square(_arr(w)).sum()
    return float(strength * total / 2)


def l1_gradient(weights, strength):
    _chk(strength)
    out = []
    for w in weights:
        w = _arr(w)
        out.append((strength * np.sign(w)).astype(w.dtype))
    return out


def l2_gradient(weights, strength):
    _chk(strength)
    out = []
    for w in weights:
        w = _arr(w)
        out.append((strength * w).astype(w.dtype))
    return out


def elastic_net_penalty(weights, strength, l1_ratio):
    _chk(strength)
    if l1_ratio < 0 or l1_ratio > 1:
        raise ValueError("l1_ratio")
    a = sum(float(np.abs(_arr(w)).sum()) for w in weights)
    q = sum(float((_arr(w) ** 2).sum()) for w in weights)
    return strength * (l1_ratio * a + (1 - l1_ratio) / 2 * q)
