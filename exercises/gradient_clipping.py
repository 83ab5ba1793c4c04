"""Gradient clipping by value and by global norm

Clipping keeps one exploding gradient from throwing the weights far away. `grads` is a list of arrays of any shapes,
one for each parameter.

1. `clip_by_value(grads, limit)` returns a list of arrays in which every element is clipped to [−limit, limit].
2. `clip_by_global_norm(grads, max_norm)` → `(clipped, norm)`. The norm is that of all gradients together, as if they
   were one long vector, and before clipping:

       norm = √(Σ g²)   over every element of every array

   If norm > max_norm, every array is multiplied by exactly max_norm / norm (nothing is added to the norm); else the
   gradients keep their values. `norm` is a 0-d value of the gradients' dtype or a Python float; an empty list has
   norm 0.

The arrays returned have the shapes and dtypes of `grads`: float32 and float64 are kept, integers and lists of numbers
become float64. A bound of 0 gives zeros, also when all gradients are zero already. A negative bound raises ValueError.
No input is modified.

>>> clipped, norm = clip_by_global_norm([np.array([3.0, 0.0]), np.array([[-4.0]])], 1.0)
>>> [g.round(4).tolist() for g in clipped], round(float(norm), 4)
([[0.6, 0.0], [[-0.8]]], 5.0)
"""

from collections.abc import Sequence

import numpy as np


def clip_by_value(grads: Sequence[np.ndarray], limit: float) -> list[np.ndarray]:
    """The gradients with every element clipped to [−limit, limit]."""
    # TODO
    raise NotImplementedError("clip_by_value")


def clip_by_global_norm(grads: Sequence[np.ndarray], max_norm: float) -> tuple[list[np.ndarray], float]:
    """The gradients scaled to a joint norm of at most max_norm, and the norm they had before."""
    # TODO
    raise NotImplementedError("clip_by_global_norm")
