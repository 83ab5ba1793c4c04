"""Penalties on the weights: lasso (Tibshirani 1996), ridge (Hoerl & Kennard 1970), elastic net (Zou & Hastie 2005)."""

import numpy as np


def as_float(x):
    """x as a float array: float32 and float64 keep their dtype, anything else becomes float64."""
    x = np.asarray(x)
    return x if x.dtype in (np.float32, np.float64) else x.astype(np.float64)


def check_strength(strength):
    """strength as a Python float: a NumPy float64 would promote float32 arrays."""
    if not strength >= 0:
        raise ValueError(f"strength must not be negative: {strength}")
    return float(strength)


def check_ratio(l1_ratio):
    if not 0 <= l1_ratio <= 1:
        raise ValueError(f"l1_ratio must lie in [0, 1], not {l1_ratio}")
    return float(l1_ratio)


def l1_penalty(weights, strength):
    strength = check_strength(strength)
    sum_of_magnitudes = sum(np.abs(as_float(w)).sum() for w in weights)
    return strength * sum_of_magnitudes


def l2_penalty(weights, strength):
    strength = check_strength(strength)
    sum_of_squares = sum((as_float(w) ** 2).sum() for w in weights)
    return strength * sum_of_squares


def l1_gradient(weights, strength):
    strength = check_strength(strength)
    return [strength * np.sign(as_float(w)) for w in weights]


def l2_gradient(weights, strength):
    strength = check_strength(strength)
    return [2 * strength * as_float(w) for w in weights]


def elastic_net_penalty(weights, strength, l1_ratio):
    strength, l1_ratio = check_strength(strength), check_ratio(l1_ratio)
    arrays = [as_float(w) for w in weights]
    l1_norm = sum(np.abs(w).sum() for w in arrays)
    squared_l2_norm = sum(np.square(w).sum() for w in arrays)
    mixed = l1_ratio * l1_norm + (1 - l1_ratio) * squared_l2_norm
    return strength * mixed
