import numpy as np


def mask_tokens(tokens, mask_id, p, rng, special_ids=()):
    tokens = np.asarray(tokens)
    if not 0 <= p < 1:
        raise ValueError("p must be in [0, 1)")
    mask = rng.random(tokens.shape) < p
    out = tokens.copy()
    out[mask] = mask_id
    # put the special tokens back
    for special in special_ids:
        out[tokens == special] = special
    return out, mask


def masked_accuracy(predictions, tokens, is_masked):
    predictions = np.asarray(predictions)
    tokens = np.asarray(tokens)
    is_masked = np.asarray(is_masked)
    if not (predictions.shape == tokens.shape == is_masked.shape):
        raise ValueError("shapes")
    return np.mean(predictions[is_masked] == tokens[is_masked])


def masked_mse(reconstruction, x, is_masked):
    reconstruction, x = np.asarray(reconstruction), np.asarray(x)
    is_masked = np.asarray(is_masked)
    if reconstruction.shape != x.shape or is_masked.shape != x.shape[:is_masked.ndim]:
        raise ValueError("shapes")
    if x.dtype.kind != "f":
        reconstruction, x = reconstruction.astype(np.float64), x.astype(np.float64)
    difference = reconstruction[is_masked] - x[is_masked]
    return np.mean(difference ** 2)
