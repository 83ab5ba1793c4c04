"""Probes of clip_by_global_norm: its two answers one by one, and what becomes of a division by zero."""

import numpy as np


def _both_answers(module, grads, max_norm):
    answer = module.clip_by_global_norm(grads, max_norm)
    if not isinstance(answer, (tuple, list)) or len(answer) != 2:
        raise TypeError("clip_by_global_norm must return two values: the clipped gradients, and the norm")
    return answer


def clipped_gradients(module, grads, max_norm):
    """The clipped gradients."""
    return _both_answers(module, grads, max_norm)[0]


def norm_before_clipping(module, grads, max_norm):
    """The norm before clipping."""
    return _both_answers(module, grads, max_norm)[1]


def clipped_or_undefined(module, grads, max_norm):
    """The clipped gradients with −1 for NaN, or the name of the error that a division by zero raises."""
    try:
        return [np.nan_to_num(g, nan=-1.0) for g in _both_answers(module, grads, max_norm)[0]]
    except ZeroDivisionError as error:
        return type(error).__name__
