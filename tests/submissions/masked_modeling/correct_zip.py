import numpy as np


def mask_tokens(tokens, mask_id, p, rng, special_ids=()):
    if p < 0 or p >= 1:
        raise ValueError(f"p is {p}")
    tokens = np.array(tokens)
    draws = rng.random(tokens.shape)
    special = {int(s) for s in special_ids}
    is_masked = np.zeros(tokens.shape, dtype=bool)
    for index in np.ndindex(*tokens.shape):
        is_masked[index] = draws[index] < p and int(tokens[index]) not in special
    corrupted = np.where(is_masked, np.array(mask_id, dtype=tokens.dtype), tokens)
    return corrupted, is_masked


def masked_accuracy(predictions, tokens, is_masked):
    triples = zip(np.ravel(predictions), np.ravel(tokens), np.ravel(is_masked), strict=False)
    hits = [bool(guess == token) for guess, token, masked in triples if masked]
    return sum(hits) / len(hits) if hits else 0.0


def masked_mse(reconstruction, x, is_masked):
    total, count = 0.0, 0
    mask = np.asarray(is_masked)
    guesses = np.asarray(reconstruction).reshape(mask.size, -1)
    rows = np.asarray(x).reshape(mask.size, -1)
    for guess, row, masked in zip(guesses, rows, mask.ravel(), strict=False):
        if masked:
            total += sum((float(a) - float(b)) ** 2 for a, b in zip(guess, row, strict=True))
            count += len(row)
    return total / count if count else 0.0
