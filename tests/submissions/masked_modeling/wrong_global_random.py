import numpy as np


def mask_tokens(tokens, mask_id, p, rng, special_ids=()):
    if p >= 1 or p < 0:
        raise ValueError("p")
    tokens = np.asarray(tokens)
    corrupted = tokens.copy()
    is_masked = np.random.rand(*tokens.shape) < p
    is_masked[np.isin(tokens, list(special_ids))] = False
    corrupted[is_masked] = mask_id
    return corrupted, is_masked


def masked_accuracy(predictions, tokens, is_masked):
    raise NotImplementedError("masked_accuracy")


def masked_mse(reconstruction, x, is_masked):
    x = np.asarray(x, dtype=np.float32 if np.asarray(x).dtype == np.float32 else np.float64)
    reconstruction = np.asarray(reconstruction, dtype=x.dtype)
    is_masked = np.asarray(is_masked)
    if reconstruction.shape != x.shape or is_masked.shape != x.shape[:is_masked.ndim]:
        raise ValueError("shapes")
    total = np.sum((reconstruction[is_masked] - x[is_masked]) ** 2)
    return total / x[is_masked].size
