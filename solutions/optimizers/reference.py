"""One step of SGD with momentum (Polyak 1964), RMSprop (Tieleman & Hinton 2012), AdamW (Kingma & Ba 2015, Loshchilov
& Hutter 2019), in PyTorch's formulas."""

import numpy as np


def as_floats(param, grad):
    """Both as float arrays: float32 and float64 keep their dtype, anything else becomes float64."""
    arrays = [np.asarray(x) for x in (param, grad)]
    param, grad = (x if x.dtype in (np.float32, np.float64) else x.astype(np.float64) for x in arrays)
    if param.shape != grad.shape:
        raise ValueError(f"param has shape {param.shape}, grad {grad.shape}")
    return param, grad


def non_negative(**settings):
    """The settings as Python floats: a NumPy float64 would promote float32 arrays."""
    for name, value in settings.items():
        if not value >= 0:
            raise ValueError(f"{name} must not be negative: {value}")
    return [float(value) for value in settings.values()]


def fractions(**settings):
    for name, value in settings.items():
        if not 0 <= value < 1:
            raise ValueError(f"{name} must lie in [0, 1), not {value}")
    return [float(value) for value in settings.values()]


def sgd_momentum_step(param, grad, state, lr, momentum=0.9):
    param, grad = as_floats(param, grad)
    [lr], [momentum] = non_negative(lr=lr), fractions(momentum=momentum)
    velocity = momentum * state.get("velocity", 0.0) + grad
    new_param = param - lr * velocity
    return new_param, {"velocity": velocity}


def rmsprop_step(param, grad, state, lr, alpha=0.99, eps=1e-8):
    param, grad = as_floats(param, grad)
    [lr, eps], [alpha] = non_negative(lr=lr, eps=eps), fractions(alpha=alpha)
    square_average = alpha * state.get("square_average", 0.0) + (1 - alpha) * grad**2
    root = np.sqrt(square_average) + eps
    new_param = param - lr * grad / root
    return new_param, {"square_average": square_average}


def adam_step(param, grad, state, lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    param, grad = as_floats(param, grad)
    lr, eps, weight_decay = non_negative(lr=lr, eps=eps, weight_decay=weight_decay)
    beta1, beta2 = fractions(beta1=betas[0], beta2=betas[1])
    step = state.get("step", 0) + 1
    m = beta1 * state.get("m", 0.0) + (1 - beta1) * grad
    v = beta2 * state.get("v", 0.0) + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**step)
    v_hat = v / (1 - beta2**step)
    denominator = np.sqrt(v_hat) + eps
    decayed = param * (1 - lr * weight_decay)
    new_param = decayed - lr * m_hat / denominator
    return new_param, {"step": step, "m": m, "v": v}
