"""SGD with momentum, RMSprop and AdamW, one step at a time

Each function makes one step for one parameter array θ with gradient g and returns `(new_param, new_state)`. The state
is a dict, `{}` before the first step; what a step returns is passed to the next one. Its keys and values are yours to
choose, and all moments start at zero. The formulas are PyTorch's:

1. `sgd_momentum_step(param, grad, state, lr, momentum=0.9)`

       v ← momentum·v + g                         θ ← θ − lr·v

2. `rmsprop_step(param, grad, state, lr, alpha=0.99, eps=1e-8)`

       s ← alpha·s + (1 − alpha)·g²               θ ← θ − lr·g / (√s + eps)

3. `adam_step(param, grad, state, lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0)`, with t = 1 in the first step:

       m ← β₁·m + (1 − β₁)·g                      m̂ = m / (1 − β₁ᵗ)
       v ← β₂·v + (1 − β₂)·g²                     v̂ = v / (1 − β₂ᵗ)
       θ ← θ·(1 − lr·weight_decay)                θ ← θ − lr·m̂ / (√v̂ + eps)

   That is Adam for weight_decay = 0 and AdamW above it: the decay acts on the weights alone, not on m and v.

`lr` and the other settings may differ from step to step. `param`, `grad` and the state passed in (the dict and what it
holds) are not modified: the same step from the same state gives the same result again. `new_param` has the shape and
dtype of `param`; float32 and float64 are kept, integers and lists become float64.

ValueError: param and grad of different shapes; a negative lr, eps or weight_decay; momentum, alpha or a beta
outside [0, 1).

>>> param, state = np.array([1.0, -2.0]), {}
>>> for grad in (np.array([0.5, -0.5]), np.array([1.0, 0.5])):
...     param, state = adam_step(param, grad, state, lr=0.1)
>>> param.round(4).tolist()
[0.8035, -1.9053]
"""

from typing import Any

import numpy as np


def sgd_momentum_step(
    param: np.ndarray, grad: np.ndarray, state: dict[str, Any], lr: float, momentum: float = 0.9
) -> tuple[np.ndarray, dict[str, Any]]:
    """One step of SGD with momentum: (new_param, new_state)."""
    # TODO
    raise NotImplementedError("sgd_momentum_step")


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
