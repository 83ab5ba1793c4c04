import numpy as np


def ready(param, grad, *settings):
    param, grad = np.asarray(param), np.asarray(grad)
    if param.shape != grad.shape or min(settings) < 0:
        raise ValueError("invalid")
    if param.dtype.kind != "f":
        param = param.astype(np.float64)
    return param, grad.astype(param.dtype)


def sgd_momentum_step(param, grad, state, lr, momentum=0.9):
    param, grad = ready(param, grad, lr, momentum, 1 - momentum)
    state["buffer"] = momentum * state.get("buffer", 0) + grad
    return param - lr * state["buffer"], state


def rmsprop_step(param, grad, state, lr, alpha=0.99, eps=1e-8):
    param, grad = ready(param, grad, lr, eps, alpha, 1 - alpha)
    if "s" not in state:
        state["s"] = np.zeros_like(param)
    state["s"] *= alpha
    state["s"] += (1 - alpha) * grad**2
    return param - lr * grad / (np.sqrt(state["s"]) + eps), state


def adam_step(param, grad, state, lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    param, grad = ready(param, grad, lr, eps, weight_decay, *betas, 1 - betas[0], 1 - betas[1])
    if not state:
        state.update(t=0, m=np.zeros_like(param), v=np.zeros_like(param), beta1=betas[0], beta2=betas[1])
    state["t"] += 1
    state["m"] = betas[0] * state["m"] + (1 - betas[0]) * grad
    state["v"] = betas[1] * state["v"] + (1 - betas[1]) * grad**2
    m_hat = state["m"] / (1 - betas[0] ** state["t"])
    v_hat = state["v"] / (1 - betas[1] ** state["t"])
    return param * (1 - lr * weight_decay) - lr * m_hat / (np.sqrt(v_hat) + eps), state
