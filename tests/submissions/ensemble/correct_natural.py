import numpy as np


def average_probabilities(probabilities, weights=None):
    p = np.asarray(probabilities)
    if p.dtype.kind != "f":
        p = p.astype(float)
    if (p < 0).any() or (abs(p.sum(-1) - 1) > 1e-3).any():
        raise ValueError("not probabilities")
    if weights is None:
        return p.mean(0)
    w = np.asarray(weights, p.dtype)
    if (w < 0).any() or w.sum() == 0:
        raise ValueError("weights")
    return np.tensordot(w / w.sum(), p, 1)


def majority_vote(predictions, num_classes):
    votes = np.asarray(predictions)[..., None] == np.arange(num_classes)
    return votes.sum(0).argmax(-1)


def stacking_features(probabilities):
    p = np.asarray(probabilities)
    if p.dtype.kind != "f":
        p = p.astype(float)
    return p.transpose(1, 0, 2).reshape(p.shape[1], -1)
