"""Inverted dropout and its backward pass

In training every element is dropped with probability p, and the ones kept are scaled up so that the expected
value does not change. At test time dropout is the identity.

1. `dropout(x, p, training, rng)` → `(output, mask)`, both of the shape of x (any shape) and of its dtype.
   In training an element is kept where the uniform draw is at least p, with exactly one draw for all of x:

       mask = 1 where rng.random(x.shape) >= p, else 0
       output = x · mask / (1 − p)

   With `training=False` the output equals x, the mask is all ones and nothing is drawn from `rng`.
2. `dropout_backward(grad_output, mask, p)` = grad_output · mask / (1 − p), the gradient with respect to x.
   For the backward pass of a test-time call the caller passes p = 0.

`rng` is a `numpy.random.Generator`; no other source of randomness is used. float32 and float64 keep their dtype;
integers and lists become float64 (the mask, too). ValueError: p outside [0, 1), in training or not;
grad_output and mask of different shapes. No input is modified.

>>> output, mask = dropout(np.arange(1.0, 7.0), 0.5, True, np.random.default_rng(0))
>>> output.tolist(), mask.tolist()
([2.0, 0.0, 0.0, 0.0, 10.0, 12.0], [1.0, 0.0, 0.0, 0.0, 1.0, 1.0])
"""

import numpy as np


def dropout(x: np.ndarray, p: float, training: bool, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """x with each element dropped with probability p, and the 0/1 mask of what was kept."""
    # TODO
    raise NotImplementedError("dropout")


def dropout_backward(grad_output: np.ndarray, mask: np.ndarray, p: float) -> np.ndarray:
    """∂L/∂x from grad_output = ∂L/∂output and the mask of the forward pass."""
    # TODO
    raise NotImplementedError("dropout_backward")
