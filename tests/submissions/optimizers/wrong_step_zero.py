import numpy as np


def floats(x):
    x = np.asarray(x)
    return x if x.dtype.kind == "f" else x.astype(np.float64)


def sgd_momentum_step(param, grad, state, lr, momentum=0.9):
    param, grad = floats(param), floats(grad)
    v = momentum * state.get("v", np.zeros_like(param)) + grad
    return param - lr * v, {"v": v}


def rmsprop_step(param, grad, state, lr, alpha=0.99, eps=1e-8):
    param, grad = floats(param), floats(grad)
    s = alpha * state.get("s", np.zeros_like(param)) + (1 - alpha) * grad * grad
    return param - lr * grad / (np.sqrt(s) + eps), {"s": s}


def adam_step(param, grad, state, lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    param, grad = floats(param), floats(grad)
    beta1, beta2 = betas
    t = state.get("t", 0)
    m = state.get("m", np.zeros_like(param))
    v = state.get("v", np.zeros_like(param))
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad * grad
    m_hat = m / (1 - beta1 ** t)
    v_hat = v / (1 - beta2 ** t)
    param = param * (1 - lr * weight_decay)
    return param - lr * m_hat / (np.sqrt(v_hat) + eps), {"t": t + 1, "m": m, "v": v}
