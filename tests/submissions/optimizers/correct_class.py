from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True)
class Moments:
    t: int
    first: np.ndarray
    second: np.ndarray


class Stepper:
    def __init__(self, param, grad, **settings):
        self.p, self.g = np.asarray(param), np.asarray(grad)
        if self.p.shape != self.g.shape:
            raise ValueError("shape")
        if self.p.dtype.kind != "f":
            self.p = self.p.astype(float)
        if self.g.dtype.kind != "f":
            self.g = self.g.astype(float)
        for name, value in settings.items():
            if value < 0 or (name in ("momentum", "alpha", "beta1", "beta2") and value >= 1):
                raise ValueError(f"{name}={value}")

    def start(self, state):
        return state.get("moments") or Moments(0, np.zeros_like(self.p), np.zeros_like(self.p))


def sgd_momentum_step(param, grad, state, lr, momentum=0.9):
    s = Stepper(param, grad, lr=lr, momentum=momentum)
    old = s.start(state)
    new = replace(old, first=old.first * momentum + s.g)
    return s.p - new.first * lr, {"moments": new}


def rmsprop_step(param, grad, state, lr, alpha=0.99, eps=1e-8):
    s = Stepper(param, grad, lr=lr, alpha=alpha, eps=eps)
    old = s.start(state)
    new = replace(old, second=old.second + (1 - alpha) * (s.g**2 - old.second))
    return s.p - lr * s.g / (np.sqrt(new.second) + eps), {"moments": new}


def adam_step(param, grad, state, lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    b1, b2 = betas
    s = Stepper(param, grad, lr=lr, beta1=b1, beta2=b2, eps=eps, weight_decay=weight_decay)
    old = s.start(state)
    new = Moments(old.t + 1, b1 * old.first + (1 - b1) * s.g, b2 * old.second + (1 - b2) * s.g**2)
    direction = new.first / (1 - b1**new.t) / (np.sqrt(new.second / (1 - b2**new.t)) + eps)
    return s.p - lr * (direction + weight_decay * s.p), {"moments": new}
