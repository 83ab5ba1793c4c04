import itertools

import numpy as np


def mask_tokens(tokens, mask_id, p, rng, special_ids=()):
    if p < 0 or p >= 1:
        raise ValueError("p must be in [0, 1)")
    tokens = np.array(tokens)
    draws = rng.random(tokens.shape)
    special = set(int(i) for i in special_ids)
    corrupted = tokens.copy()
    is_masked = np.zeros(tokens.shape, dtype=bool)
    for index in itertools.product(*map(range, tokens.shape)):
        if draws[index] < p and int(tokens[index]) not in special:
            corrupted[index] = mask_id
            is_masked[index] = True
    return corrupted, is_masked


def masked_accuracy(predictions, tokens, is_masked):
    if np.shape(predictions) != np.shape(tokens) or np.shape(tokens) != np.shape(is_masked):
        raise ValueError("shapes differ")
    right = total = 0
    for guess, token, hidden in zip(np.ravel(predictions), np.ravel(tokens), np.ravel(is_masked)):
        if hidden:
            total += 1
            right += guess == token
    if not total:
        return 0.0
    return float(right) / total


def masked_mse(reconstruction, x, is_masked):
    a, b, m = np.array(reconstruction), np.array(x), np.array(is_masked)
    if a.shape != b.shape or m.shape != b.shape[:m.ndim]:
        raise ValueError("shapes differ")
    total, count = 0.0, 0
    for index in zip(*np.nonzero(m)):
        for u, v in zip(np.atleast_1d(a[index]).ravel(), np.atleast_1d(b[index]).ravel()):
            total += (float(u) - float(v)) ** 2
            count += 1
    return total / count if count else 0.0
