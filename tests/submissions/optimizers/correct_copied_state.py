import copy

import numpy as np


def to_float(a):
    a = np.asarray(a)
    return a if a.dtype in (np.float32, np.float64) else a.astype(np.float64)


def begin(param, grad, state, **non_negative):
    for key, setting in non_negative.items():
        if setting < 0:
            raise ValueError(f"{key} is negative")
    param, grad = to_float(param).copy(), to_float(grad).copy()
    if param.shape != grad.shape:
        raise ValueError(f"{param.shape} and {grad.shape}")
    return param, grad, copy.deepcopy(state)


def in_unit_interval(*fractions):
    if any(f < 0 or f >= 1 for f in fractions):
        raise ValueError("must be in [0, 1)")


def sgd_momentum_step(param, grad, state, lr, momentum=0.9):
    param, grad, state = begin(param, grad, state, lr=lr)
    in_unit_interval(momentum)
    buf = state.setdefault("momentum_buffer", np.zeros_like(param))
    buf *= momentum
    buf += grad
    param -= lr * buf
    return param, state


def rmsprop_step(param, grad, state, lr, alpha=0.99, eps=1e-8):
    param, grad, state = begin(param, grad, state, lr=lr, eps=eps)
    in_unit_interval(alpha)
    avg = state.setdefault("square_avg", np.zeros_like(param))
    avg *= alpha
    avg += (1 - alpha) * grad * grad
    param -= lr * (grad / (np.sqrt(avg) + eps))
    return param, state


def adam_step(param, grad, state, lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    param, grad, state = begin(param, grad, state, lr=lr, eps=eps, weight_decay=weight_decay)
    in_unit_interval(*betas)
    if not state:
        state = {"step": 0, "exp_avg": np.zeros_like(param), "exp_avg_sq": np.zeros_like(param)}
    state["step"] += 1
    param -= lr * weight_decay * param
    state["exp_avg"] += (1 - betas[0]) * (grad - state["exp_avg"])
    state["exp_avg_sq"] += (1 - betas[1]) * (grad ** 2 - state["exp_avg_sq"])
    correction1 = 1 - betas[0] ** state["step"]
    correction2 = 1 - betas[1] ** state["step"]
    denom = np.sqrt(state["exp_avg_sq"]) / correction2 ** 0.5 + eps
    param -= (lr / correction1) * state["exp_avg"] / denom
    return param, state
