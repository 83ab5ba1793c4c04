import numpy as np


def average_probabilities(probabilities, weights=None):
    p = np.asarray(probabilities)
    p = p if p.dtype.kind == "f" else p.astype(np.float64)
    if p.ndim != 3:
        raise ValueError(f"expected (M, N, K), got {p.shape}")
    if len(p) == 0:
        raise ValueError("no models")
    if np.any(p < 0) or not np.allclose(p.sum(-1), 1, rtol=0, atol=1e-3):
        raise ValueError("rows must be probability distributions")
    if weights is None:
        return np.mean(p, axis=0)
    w = np.asarray(weights, dtype=p.dtype)
    if w.shape != p.shape[:1]:
        raise ValueError("one weight per model")
    if (w < 0).any() or w.sum() <= 0:
        raise ValueError("weights must be non-negative and not all zero")
    return np.einsum("m,mnk->nk", w / w.sum(), p)


def majority_vote(predictions, num_classes):
    predictions = np.asarray(predictions)
    if predictions.ndim != 2 or predictions.dtype.kind not in "iu":
        raise ValueError("integer predictions of shape (M, N)")
    if predictions.min() < 0 or predictions.max() >= num_classes:
        raise ValueError("class id out of range")
    one_hot = np.eye(num_classes, dtype=int)[predictions]
    return np.einsum("mnk->nk", one_hot).argmax(-1)


def stacking_features(probabilities):
    p = np.asarray(probabilities)
    if p.ndim != 3:
        raise ValueError("expected (M, N, K)")
    return np.concatenate(list(p if p.dtype.kind == "f" else p.astype(np.float64)), axis=1)
