import numpy as np


def average_probabilities(probabilities, weights=None):
    probabilities = np.asarray(probabilities)
    if probabilities.dtype.kind != "f":
        probabilities = probabilities.astype(float)
    if (probabilities < 0).any() or (abs(probabilities.sum(axis=-1) - 1) > 1e-3).any():
        raise ValueError("these are no probabilities")
    if weights is None:
        weights = np.ones(len(probabilities))
    weights = np.asarray(weights, dtype=float)
    if weights.min() < 0 or weights.sum() == 0:
        raise ValueError("impossible weights")
    # the weights only divided by the number of models
    return np.einsum("m,mnk->nk", weights / len(weights), probabilities).astype(probabilities.dtype)


def majority_vote(predictions, num_classes):
    predictions = np.asarray(predictions)
    winners = np.zeros(predictions.shape[1])
    for n, votes in enumerate(predictions.T):
        winners[n] = np.bincount(votes, minlength=num_classes).argmax()
    return winners


def stacking_features(probabilities):
    probabilities = np.asarray(probabilities)
    if probabilities.dtype.kind != "f":
        probabilities = probabilities.astype(float)
    return probabilities.reshape(len(probabilities), -1)  # one row a model
