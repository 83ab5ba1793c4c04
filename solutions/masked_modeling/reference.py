"""Masked modelling (Devlin et al., BERT, 2019; He et al., Masked Autoencoders, 2022), without BERT's 80/10/10 split."""

import numpy as np


def as_float(x):
    """x as a float array: float32 and float64 keep their dtype, anything else becomes float64."""
    x = np.asarray(x)
    return x if x.dtype in (np.float32, np.float64) else x.astype(np.float64)


def check_same_shape(name1, array1, name2, array2):
    if array1.shape != array2.shape:
        raise ValueError(f"{name1} has shape {array1.shape}, {name2} {array2.shape}")


def mask_tokens(tokens, mask_id, p, rng, special_ids=()):
    tokens = np.asarray(tokens)
    if not 0 <= p < 1:
        raise ValueError(f"p must lie in [0, 1), not {p}")
    drawn = rng.random(tokens.shape) < p
    is_special = np.isin(tokens, list(special_ids))
    is_masked = drawn & ~is_special
    corrupted = tokens.copy()
    corrupted[is_masked] = mask_id
    return corrupted, is_masked


def masked_accuracy(predictions, tokens, is_masked):
    predictions, tokens, is_masked = np.asarray(predictions), np.asarray(tokens), np.asarray(is_masked, dtype=bool)
    check_same_shape("predictions", predictions, "tokens", tokens)
    check_same_shape("is_masked", is_masked, "tokens", tokens)
    hits = predictions[is_masked] == tokens[is_masked]
    masked_count = is_masked.sum()
    if masked_count == 0:
        return 0.0
    return float(hits.sum() / masked_count)


def masked_mse(reconstruction, x, is_masked):
    reconstruction, x, is_masked = as_float(reconstruction), as_float(x), np.asarray(is_masked, dtype=bool)
    check_same_shape("reconstruction", reconstruction, "x", x)
    if is_masked.shape != x.shape[: is_masked.ndim]:
        raise ValueError(f"is_masked has shape {is_masked.shape}, not that of x or its leading axes: {x.shape}")
    squared_error = (reconstruction[is_masked] - x[is_masked]) ** 2
    element_count = squared_error.size
    if element_count == 0:
        return x.dtype.type(0)
    return squared_error.sum() / element_count
