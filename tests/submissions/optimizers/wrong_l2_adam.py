import numpy as np


def sgd_momentum_step(param, grad, state, lr, momentum=0.9):
    param, grad = np.asarray(param, dtype=getattr(param, "dtype", float)), np.asarray(grad)
    if param.shape != grad.shape or lr < 0 or not 0 <= momentum < 1:
        raise ValueError("bad arguments")
    v = momentum * state["v"] + lr * grad if state else lr * grad
    return param - v, {"v": v}


def rmsprop_step(param, grad, state, lr, alpha=0.99, eps=1e-8):
    param, grad = np.asarray(param, dtype=getattr(param, "dtype", float)), np.asarray(grad)
    if param.shape != grad.shape or lr < 0 or eps < 0 or not 0 <= alpha < 1:
        raise ValueError("bad arguments")
    s = (1 - alpha) * grad ** 2 + (alpha * state["s"] if state else 0)
    return param - lr * grad / np.sqrt(s + eps), {"s": s}


def adam_step(param, grad, state, lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    param, grad = np.asarray(param, dtype=getattr(param, "dtype", float)), np.asarray(grad)
    if param.shape != grad.shape or lr < 0 or eps < 0 or weight_decay < 0 or not all(0 <= b < 1 for b in betas):
        raise ValueError("bad arguments")
    grad = grad + weight_decay * param
    m, v, t = (state["m"], state["v"], state["t"]) if state else (0, 0, 0)
    t = t + 1
    m = betas[0] * m + (1 - betas[0]) * grad
    v = betas[1] * v + (1 - betas[1]) * grad ** 2
    step = (m / (1 - betas[0] ** t)) / (np.sqrt(v / (1 - betas[1] ** t)) + eps)
    return param - lr * step, {"m": m, "v": v, "t": t}
