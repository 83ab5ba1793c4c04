import numpy as np


def _prep(param, grad):
    p, g = np.asarray(param), np.asarray(grad)
    if p.shape != g.shape:
        raise ValueError("shapes")
    if p.dtype not in (np.float32, np.float64):
        p = p.astype(np.float64)
    return p, g.astype(p.dtype)


def sgd_momentum_step(param, grad, state, lr, momentum=0.9):
    if lr < 0 or not 0 <= momentum < 1:
        raise ValueError("bad settings")
    p, g = _prep(param, grad)
    buf = state.get("buf")
    buf = lr * g if buf is None else momentum * buf + lr * g
    return (p - lr * buf).astype(p.dtype), {"buf": buf}


def rmsprop_step(param, grad, state, lr, alpha=0.99, eps=1e-8):
    if lr < 0 or eps < 0 or not 0 <= alpha < 1:
        raise ValueError("bad settings")
    p, g = _prep(param, grad)
    avg = state.get("sq", np.zeros_like(p))
    avg = alpha * avg + (1 - alpha) * g * g
    return (p - lr * g / (np.sqrt(avg) + eps)).astype(p.dtype), {"sq": avg}


def adam_step(param, grad, state, lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    b1, b2 = betas
    if lr < 0 or eps < 0 or weight_decay < 0 or not 0 <= b1 < 1 or not 0 <= b2 < 1:
        raise ValueError("bad settings")
    p, g = _prep(param, grad)
    t = state.get("t", 0) + 1
    m = state.get("m", np.zeros_like(p))
    v = state.get("v", np.zeros_like(p))
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * g ** 2
    mh = m / (1 - b1 ** t)
    vh = v / (1 - b2 ** t)
    p2 = p - lr * weight_decay * p
    p2 = p2 - lr * mh / (np.sqrt(vh) + eps)
    return p2.astype(p.dtype), {"t": t, "m": m, "v": v}
