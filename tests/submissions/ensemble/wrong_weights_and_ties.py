import numpy as np
from collections import Counter


def average_probabilities(probabilities, weights=None):
    p = np.asarray(probabilities)
    if p.dtype != np.float32:
        p = p.astype(np.float64)
    if p.ndim != 3:
        raise ValueError("p")
    if (p < 0).any() or (abs(p.sum(axis=-1) - 1) > 1e-3).any():
        raise ValueError("not probabilities")
    if weights is None:
        return p.mean(axis=0)
    w = np.asarray(weights).astype(p.dtype)
    if len(w) != len(p) or (w < 0).any() or w.sum() == 0:
        raise ValueError("w")
    total = np.zeros(p.shape[1:], dtype=p.dtype)
    for i in range(len(p)):
        total += w[i] * p[i]
    return total


def majority_vote(predictions, num_classes):
    predictions = np.asarray(predictions)
    if predictions.ndim != 2:
        raise ValueError("2-D")
    if predictions.min() < 0 or predictions.max() >= num_classes:
        raise ValueError("range")
    out = []
    for n in range(predictions.shape[1]):
        best, best_count = 0, 0
        for k in range(num_classes):
            count = int((predictions[:, n] == k).sum())
            if count >= best_count:
                best, best_count = k, count
        out.append(best)
    return np.array(out)


def stacking_features(probabilities):
    p = np.asarray(probabilities)
    if p.dtype != np.float32:
        p = p.astype(np.float64)
    if p.ndim != 3:
        raise ValueError("p")
    M, N, K = p.shape
    return p.reshape(N, M * K)
