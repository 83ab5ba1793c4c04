"""L1, L2 and elastic-net penalties and their gradients

A penalty on the size of the weights is added to the loss. The sums run over every element w of every array in the
list `weights` (arrays of any shapes):

    L1 = strength · Σ|w|        L2 = strength · Σw²
    elastic net = strength · (l1_ratio · Σ|w| + (1 − l1_ratio) · Σw²)

1. `l1_penalty(weights, strength)`, `l2_penalty(weights, strength)` and
   `elastic_net_penalty(weights, strength, l1_ratio)` return one number: a 0-d value of the weights' dtype or a
   Python float. An empty list costs 0.
2. `l1_gradient(weights, strength)` and `l2_gradient(weights, strength)` return the gradients of the penalties defined
   above as a list of arrays, one for each array of weights, with its shape and dtype. The derivative of |w| at 0 is
   taken to be 0.

There is no ½ and no mean in any of the formulas. float32 and float64 keep their dtype; integers and lists of numbers
become float64. ValueError: a negative strength, an l1_ratio outside [0, 1]. No input is modified.

>>> weights = [np.array([[1.0, -2.0], [0.0, 3.0]]), np.array([-4.0])]
>>> round(float(l1_penalty(weights, 0.1)), 4), round(float(l2_penalty(weights, 0.1)), 4)
(1.0, 3.0)
"""

from collections.abc import Sequence

import numpy as np


def l1_penalty(weights: Sequence[np.ndarray], strength: float) -> float:
    """strength · Σ|w| over all arrays."""
    # TODO
    raise NotImplementedError("l1_penalty")


def l2_penalty(weights: Sequence[np.ndarray], strength: float) -> float:
    """strength · Σw² over all arrays."""
    # TODO
    raise NotImplementedError("l2_penalty")


def l1_gradient(weights: Sequence[np.ndarray], strength: float) -> list[np.ndarray]:
    """The gradient of `l1_penalty`, one array for each array of weights."""
    # TODO
    raise NotImplementedError("l1_gradient")


def l2_gradient(weights: Sequence[np.ndarray], strength: float) -> list[np.ndarray]:
    """The gradient of `l2_penalty`, one array for each array of weights."""
    # TODO
    raise NotImplementedError("l2_gradient")


def elastic_net_penalty(weights: Sequence[np.ndarray], strength: float, l1_ratio: float) -> float:
    """strength · (l1_ratio · Σ|w| + (1 − l1_ratio) · Σw²) over all arrays."""
    # TODO
    raise NotImplementedError("elastic_net_penalty")
