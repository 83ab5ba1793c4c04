import numpy as np


def average_probabilities(probabilities, weights=None):
    probabilities = np.asarray(probabilities)
    if probabilities.dtype != np.float32:
        probabilities = probabilities.astype(float)
    if probabilities.ndim != 3:
        raise ValueError("need 3 dims")
    if (probabilities < 0).any():
        raise ValueError("negative")
    if (np.abs(probabilities.sum(2) - 1) > 0.001).any():
        raise ValueError("sum")
    if weights is None:
        return probabilities.mean(axis=1)
    w = np.array(weights, dtype=probabilities.dtype)
    if w.shape != (probabilities.shape[0],) or (w < 0).any() or w.sum() == 0:
        raise ValueError("weights")
    return (probabilities * w.reshape(-1, 1, 1)).sum(axis=1) / w.sum()


def majority_vote(predictions, num_classes):
    predictions = np.asarray(predictions)
    if predictions.ndim != 2 or predictions.min() < 0 or predictions.max() >= num_classes:
        raise ValueError("bad predictions")
    winners = np.zeros(predictions.shape[1])
    for i, column in enumerate(predictions.T):
        winners[i] = np.bincount(column, minlength=num_classes).argmax()
    return winners


def stacking_features(probabilities):
    probabilities = np.asarray(probabilities)
    if probabilities.dtype != np.float32:
        probabilities = probabilities.astype(float)
    if probabilities.ndim != 3:
        raise ValueError("need 3 dims")
    return np.vstack(list(probabilities))
