import numpy as np
def mask_tokens(tokens, mask_id, p, rng, special_ids=()):
    if not 0 <= p < 1: raise ValueError("p")
    tokens = np.asarray(tokens)
    is_masked = rng.random(tokens.shape) < p
    is_masked &= ~np.isin(tokens, list(special_ids))
    corrupted = tokens.copy()
    corrupted[is_masked] = mask_id
    return corrupted, is_masked
def masked_accuracy(predictions, tokens, is_masked):
    hits = (np.asarray(predictions) == np.asarray(tokens))[np.asarray(is_masked)]
    return float(hits.mean()) if hits.size else 0.0
def masked_mse(reconstruction, x, is_masked):
    d = (np.asarray(reconstruction) * 1.0 - np.asarray(x) * 1.0)[np.asarray(is_masked)]
    return float((d ** 2).mean()) if d.size else 0.0
