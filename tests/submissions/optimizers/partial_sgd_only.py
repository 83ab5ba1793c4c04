from typing import Any

import numpy as np


def sgd_momentum_step(
    param: np.ndarray, grad: np.ndarray, state: dict[str, Any], lr: float, momentum: float = 0.9
) -> tuple[np.ndarray, dict[str, Any]]:
    """One step of SGD with momentum: (new_param, new_state)."""
    param, grad = np.asarray(param), np.asarray(grad)
    if param.shape != grad.shape:
        raise ValueError("param and grad must have one shape")
    if lr < 0 or momentum < 0 or momentum >= 1:
        raise ValueError("lr or momentum out of range")
    if param.dtype != np.float32:
        param = param.astype(np.float64)
    velocity = grad.astype(param.dtype)
    if "v" in state:
        velocity = state["v"] * momentum + velocity
    return np.subtract(param, lr * velocity), {**state, "v": velocity}


def rmsprop_step(
    param: np.ndarray, grad: np.ndarray, state: dict[str, Any], lr: float, alpha: float = 0.99, eps: float = 1e-8
) -> tuple[np.ndarray, dict[str, Any]]:
    """One step of RMSprop: (new_param, new_state)."""
    # TODO
    raise NotImplementedError("rmsprop_step")


def adam_step(
    param: np.ndarray,
    grad: np.ndarray,
    state: dict[str, Any],
    lr: float,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.0,
) -> tuple[np.ndarray, dict[str, Any]]:
    """One step of Adam, of AdamW when weight_decay > 0: (new_param, new_state)."""
    # TODO
    raise NotImplementedError("adam_step")
