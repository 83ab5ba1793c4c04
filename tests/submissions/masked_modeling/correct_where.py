import numpy as np


def mask_tokens(tokens, mask_id, p, rng, special_ids=()):
    if not (0 <= p < 1):
        raise ValueError(f"p={p}")
    tokens = np.asarray(tokens)
    is_masked = rng.random(tokens.shape) < p
    for special in special_ids:
        is_masked &= tokens != special
    return np.where(is_masked, tokens.dtype.type(mask_id), tokens), is_masked


def masked_accuracy(predictions, tokens, is_masked):
    predictions, tokens, is_masked = map(np.asarray, (predictions, tokens, is_masked))
    if not predictions.shape == tokens.shape == is_masked.shape:
        raise ValueError("predictions, tokens and is_masked must have one shape")
    return np.sum((predictions == tokens) & is_masked) / max(np.count_nonzero(is_masked), 1)


def masked_mse(reconstruction, x, is_masked):
    x = np.asarray(x)
    dtype = np.float32 if x.dtype == np.float32 else np.float64
    x = x.astype(dtype)
    r = np.asarray(reconstruction, dtype=dtype)
    m = np.asarray(is_masked)
    if r.shape != x.shape:
        raise ValueError("reconstruction and x")
    if m.ndim > x.ndim or m.shape != x.shape[:m.ndim]:
        raise ValueError("mask")
    m = np.broadcast_to(m.reshape(m.shape + (1,) * (x.ndim - m.ndim)), x.shape)
    n = m.sum()
    if n == 0:
        return dtype(0)
    return np.asarray(np.where(m, np.square(r - x), 0).sum() / n, dtype=dtype)
