from collections.abc import Sequence

import numpy as np


def clip_by_value(grads: Sequence[np.ndarray], limit: float) -> list[np.ndarray]:
    """The gradients with every element clipped to [−limit, limit]."""
    if limit < 0:
        raise ValueError("limit must not be negative")
    result = []
    for g in grads:
        g = np.array(g)
        if g.dtype != np.float32:
            g = g.astype(np.float64)
        g[g > limit] = limit
        g[g < -limit] = -limit
        result.append(g)
    return result


def clip_by_global_norm(grads: Sequence[np.ndarray], max_norm: float) -> tuple[list[np.ndarray], float]:
    """The gradients scaled to a joint norm of at most max_norm, and the norm they had before."""
    # TODO
    raise NotImplementedError("clip_by_global_norm")
