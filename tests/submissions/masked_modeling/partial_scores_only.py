import numpy as np


def mask_tokens(tokens, mask_id, p, rng, special_ids=()):
    # TODO
    raise NotImplementedError("mask_tokens")


def masked_accuracy(predictions, tokens, is_masked):
    p, t, m = np.asarray(predictions), np.asarray(tokens), np.asarray(is_masked)
    if p.shape != t.shape or m.shape != t.shape:
        raise ValueError("shapes")
    return np.average(p == t, weights=m) if m.any() else 0.0


def masked_mse(reconstruction, x, is_masked):
    # TODO
    raise NotImplementedError("masked_mse")
