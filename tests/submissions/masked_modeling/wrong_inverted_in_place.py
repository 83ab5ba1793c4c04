import numpy as np


def mask_tokens(tokens, mask_id, p, rng, special_ids=()):
    if p < 0 or p >= 1:
        raise ValueError("p")
    is_masked = rng.random(np.shape(tokens)) > p
    for s in special_ids:
        is_masked[tokens == s] = False
    tokens[is_masked] = mask_id
    return tokens, is_masked


def masked_accuracy(predictions, tokens, is_masked):
    predictions, tokens, is_masked = np.asarray(predictions), np.asarray(tokens), np.asarray(is_masked)
    if predictions.shape != tokens.shape or tokens.shape != is_masked.shape:
        raise ValueError("shape")
    if not is_masked.any():
        return 0.0
    return float(((predictions == tokens) * is_masked).mean())


def masked_mse(reconstruction, x, is_masked):
    x, r, m = np.asarray(x), np.asarray(reconstruction), np.asarray(is_masked)
    if x.dtype not in (np.float32, np.float64):
        x, r = x.astype(float), r.astype(float)
    if r.shape != x.shape or m.shape != x.shape[:m.ndim]:
        raise ValueError("shape")
    if not m.any():
        return 0.0
    while m.ndim < x.ndim:
        m = m[..., None]
    return (((r - x) ** 2) * m).mean()
