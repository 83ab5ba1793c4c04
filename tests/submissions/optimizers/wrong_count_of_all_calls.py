import numpy as np


def sgd_momentum_step(param, grad, state, lr, momentum=0.9):
    param, grad = np.asarray(param), np.asarray(grad)
    v = momentum * state.get("v", 0.0) + grad
    return param - lr * v, {"v": v}


def rmsprop_step(param, grad, state, lr, alpha=0.99, eps=1e-8):
    param, grad = np.asarray(param), np.asarray(grad)
    s = alpha * state.get("s", 0.0) + (1 - alpha) * grad**2
    return param - lr * grad / (np.sqrt(s) + eps), {"s": s}


COUNT = 0


def adam_step(param, grad, state, lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    param, grad = np.asarray(param), np.asarray(grad)
    b1, b2 = betas
    global COUNT
    COUNT = t = COUNT + 1
    m = b1 * state.get("m", 0.0) + (1 - b1) * grad
    v = b2 * state.get("v", 0.0) + (1 - b2) * grad**2
    m_hat = m / (1 - b1**t)
    v_hat = v / (1 - b2**t)
    param = param * (1 - lr * weight_decay)
    return param - lr * m_hat / (np.sqrt(v_hat) + eps), {"t": t, "m": m, "v": v}
