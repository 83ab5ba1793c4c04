import numpy as np


def mask_tokens(tokens, mask_id, p, rng, special_ids=()):
    if not 0.0 <= p < 1.0:
        raise ValueError("p out of range")
    tokens = np.asarray(tokens)
    is_masked = (rng.random(tokens.shape) < p) & ~np.isin(tokens, special_ids)
    return np.where(is_masked, mask_id, tokens).astype(int), is_masked


def masked_accuracy(predictions, tokens, is_masked):
    predictions, tokens, is_masked = np.asarray(predictions), np.asarray(tokens), np.asarray(is_masked)
    if predictions.shape != tokens.shape or is_masked.shape != tokens.shape:
        raise ValueError("different shapes")
    if is_masked.sum() == 0:
        return 0.0
    return float(np.mean(predictions == tokens))


def masked_mse(reconstruction, x, is_masked):
    reconstruction, x, is_masked = np.asarray(reconstruction), np.asarray(x), np.asarray(is_masked)
    if reconstruction.shape != x.shape or is_masked.shape != x.shape[:is_masked.ndim]:
        raise ValueError("different shapes")
    if is_masked.sum() == 0:
        return 0.0
    error = np.subtract(reconstruction, x, dtype=float if x.dtype.kind != "f" else x.dtype) ** 2
    return error[is_masked].sum() / is_masked.sum()
