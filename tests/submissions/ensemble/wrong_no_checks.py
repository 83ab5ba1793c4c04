import numpy as np


def as_float(a):
    a = np.asarray(a)
    return a if a.dtype == np.float32 else a.astype(np.float64)


def average_probabilities(probabilities, weights=None):
    p = as_float(probabilities)
    if p.ndim != 3:
        raise ValueError("shape")
    if weights is None:
        weights = np.ones(len(p))
    w = as_float(weights)
    if w.shape != (len(p),) or w.sum() == 0 or w.min() < 0:
        raise ValueError("weights")
    w /= w.sum()
    return np.tensordot(w.astype(p.dtype), p, axes=1)


def majority_vote(predictions, num_classes):
    p = np.asarray(predictions)
    if p.ndim != 2:
        raise ValueError("shape")
    if p.min() < 0 or p.max() >= num_classes:
        raise ValueError("class")
    return np.round(p.mean(axis=0)).astype(int)


def stacking_features(probabilities):
    p = as_float(probabilities)
    if p.ndim != 3:
        raise ValueError("shape")
    return p.transpose(1, 2, 0).reshape(p.shape[1], -1)
