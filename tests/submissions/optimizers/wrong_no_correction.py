import numpy as np


def check(param, grad, lr, *fractions):
    param, grad = np.asarray(param), np.asarray(grad)
    if param.shape != grad.shape or lr < 0:
        raise ValueError
    for f in fractions:
        if f < 0 or f >= 1:
            raise ValueError
    return (a if a.dtype.kind == "f" else a.astype(np.float64) for a in (param, grad))


def sgd_momentum_step(param, grad, state, lr, momentum=0.9):
    param, grad = check(param, grad, lr, momentum)
    v = momentum * state.get("v", 0) + (1 - momentum) * grad
    return param - lr * v, {"v": v}


def rmsprop_step(param, grad, state, lr, alpha=0.99, eps=1e-8):
    param, grad = check(param, grad, lr, alpha)
    if eps < 0:
        raise ValueError
    s = alpha * state.get("s", 0) + (1 - alpha) * grad**2
    return param - lr * grad / (np.sqrt(s) + eps), {"s": s}


def adam_step(param, grad, state, lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    param, grad = check(param, grad, lr, *betas)
    if eps < 0 or weight_decay < 0:
        raise ValueError
    m = betas[0] * state.get("m", 0) + (1 - betas[0]) * grad
    v = betas[1] * state.get("v", 0) + (1 - betas[1]) * grad**2
    param = param - lr * weight_decay * param
    return param - lr * m / (np.sqrt(v) + eps), {"m": m, "v": v}
