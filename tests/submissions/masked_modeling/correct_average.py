from functools import wraps

import numpy as np


def zero_if_nothing(score):
    @wraps(score)
    def scored(guess, truth, is_masked):
        is_masked = np.asarray(is_masked, dtype=bool)
        guess, truth = np.asarray(guess), np.asarray(truth)
        if guess.shape != truth.shape:
            raise ValueError(f"{guess.shape} and {truth.shape}")
        if is_masked.shape != truth.shape[:is_masked.ndim]:
            raise ValueError(f"mask of {is_masked.shape} for {truth.shape}")
        return score(guess[is_masked], truth[is_masked], is_masked) if is_masked.any() else 0.0
    return scored


def mask_tokens(tokens, mask_id, p, rng, special_ids=()):
    if p < 0:
        raise ValueError("negative p")
    if p >= 1:
        raise ValueError("p must be below 1")
    tokens = np.asarray(tokens)
    chosen = np.logical_and(rng.random(size=tokens.shape) < p, np.isin(tokens, [*special_ids], invert=True))
    result = np.array(tokens, copy=True)
    np.putmask(result, chosen, mask_id)
    return result, chosen


@zero_if_nothing
def _accuracy(guess, truth, is_masked):
    return (guess == truth).mean().item()


@zero_if_nothing
def masked_mse(guess, truth, is_masked):
    error = np.subtract(guess, truth, dtype=truth.dtype if truth.dtype.kind == "f" else np.float64).ravel()
    return np.dot(error, error) / error.dtype.type(error.size)


def masked_accuracy(predictions, tokens, is_masked):
    if np.shape(is_masked) != np.shape(tokens):
        raise ValueError("one mask entry a token")
    return _accuracy(predictions, tokens, is_masked)
