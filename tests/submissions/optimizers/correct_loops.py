"""One element at a time, in double precision."""
import math

import numpy as np


def _read(param, grad):
    p, g = np.array(param), np.array(grad)
    if p.shape != g.shape:
        raise ValueError("param and grad differ in shape")
    if p.dtype != np.float32:
        p = p.astype(np.float64)
    return p, g.astype(np.float64)


def _must(condition, text):
    if not condition:
        raise ValueError(text)


def sgd_momentum_step(param, grad, state, lr, momentum=0.9):
    p, g = _read(param, grad)
    _must(lr >= 0, "lr")
    _must(0 <= momentum < 1, "momentum")
    old = state["v"] if "v" in state else [0.0] * p.size
    v = [momentum * a + float(b) for a, b in zip(old, g.flat)]
    new = np.array([float(a) - lr * b for a, b in zip(p.flat, v)]).reshape(p.shape).astype(p.dtype)
    return new, {"v": v}


def rmsprop_step(param, grad, state, lr, alpha=0.99, eps=1e-8):
    p, g = _read(param, grad)
    _must(lr >= 0 and eps >= 0, "lr, eps")
    _must(0 <= alpha < 1, "alpha")
    new, squares = p.copy(), {}
    for i in np.ndindex(p.shape):
        s = alpha * state.get(str(i), 0.0) + (1 - alpha) * float(g[i]) ** 2
        squares[str(i)] = s
        new[i] = float(p[i]) - lr * float(g[i]) / (math.sqrt(s) + eps)
    return new, squares


def adam_step(param, grad, state, lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    p, g = _read(param, grad)
    b1, b2 = betas
    _must(lr >= 0 and eps >= 0 and weight_decay >= 0, "negative setting")
    _must(0 <= b1 < 1 and 0 <= b2 < 1, "betas")
    t = state.get("t", 0) + 1
    ms = list(state.get("m", [0.0] * p.size))
    vs = list(state.get("v", [0.0] * p.size))
    out = []
    for i, (theta, d) in enumerate(zip(p.flat, g.flat)):
        ms[i] = b1 * ms[i] + (1 - b1) * float(d)
        vs[i] = b2 * vs[i] + (1 - b2) * float(d) * float(d)
        m_hat = ms[i] / (1 - b1 ** t)
        v_hat = vs[i] / (1 - b2 ** t)
        theta = float(theta) * (1 - lr * weight_decay)
        out.append(theta - lr * m_hat / (math.sqrt(v_hat) + eps))
    return np.array(out).reshape(p.shape).astype(p.dtype), {"t": t, "m": ms, "v": vs}
