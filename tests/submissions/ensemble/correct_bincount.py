import numpy as np


class Ensemble:
    def __init__(self, probabilities):
        a = np.asarray(probabilities)
        self.p = a if a.dtype in (np.float32, np.float64) else a.astype(np.float64)
        if self.p.ndim != 3:
            raise ValueError("three axes: models, samples, classes")

    def check(self):
        if not self.p.size:
            raise ValueError("nothing to average")
        sums = self.p.sum(axis=2, dtype=np.float64)
        if self.p.min() < 0 or np.abs(sums - 1).max() > 1e-3:
            raise ValueError("not probabilities")
        return self

    def average(self, weights):
        if weights is None:
            weights = np.ones(len(self.p))
        weights = np.asarray(weights, dtype=np.float64)
        if weights.shape != (len(self.p),) or (weights < 0).any() or not weights.any():
            raise ValueError("weights")
        return np.average(self.p, axis=0, weights=weights).astype(self.p.dtype)


def average_probabilities(probabilities, weights=None):
    return Ensemble(probabilities).check().average(weights)


def majority_vote(predictions, num_classes):
    votes = np.asarray(predictions)
    if votes.ndim != 2 or not np.issubdtype(votes.dtype, np.integer):
        raise ValueError("votes")
    if ((votes < 0) | (votes >= num_classes)).any():
        raise ValueError("class ids")
    return np.apply_along_axis(lambda column: np.bincount(column, minlength=num_classes).argmax(), 0, votes)


def stacking_features(probabilities):
    p = Ensemble(probabilities).p
    return np.swapaxes(p, 0, 1).reshape(p.shape[1], -1)
