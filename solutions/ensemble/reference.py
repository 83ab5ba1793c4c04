"""Soft voting, hard voting and the features of stacked generalisation (Wolpert, 1992)."""

import numpy as np


def as_float(x):
    x = np.asarray(x)
    return x if x.dtype in (np.float32, np.float64) else x.astype(np.float64)


def check_cube(probabilities):
    if probabilities.ndim != 3:
        raise ValueError(f"probabilities must have three dimensions, not {probabilities.ndim}")


def check_models(count):
    if count == 0:
        raise ValueError("there are no models")


def check_distributions(probabilities):
    if (probabilities < 0).any():
        raise ValueError("a probability is negative")
    off = np.abs(probabilities.sum(axis=2) - 1)
    if not (off <= 1e-3).all():
        raise ValueError(f"every row must sum to 1, one is off by {off.max():.3g}")


def check_weights(weights, num_models):
    if weights.shape != (num_models,):
        raise ValueError(f"weights must have shape ({num_models},), not {weights.shape}")
    if (weights < 0).any():
        raise ValueError("a weight is negative")
    if not weights.sum() > 0:
        raise ValueError("the weights sum to zero")


def check_votes(predictions, num_classes):
    if predictions.ndim != 2:
        raise ValueError(f"predictions must have two dimensions, not {predictions.ndim}")
    check_models(len(predictions))
    if predictions.size and predictions.dtype.kind not in "iub":
        raise ValueError(f"predictions must be integers, not {predictions.dtype}")
    if predictions.size and not 0 <= predictions.min() <= predictions.max() < num_classes:
        raise ValueError(f"class ids must lie in 0..{num_classes - 1}")


def average_probabilities(probabilities, weights=None):
    probabilities = as_float(probabilities)
    check_cube(probabilities)
    num_models = len(probabilities)
    check_models(num_models)
    check_distributions(probabilities)
    weights = np.full(num_models, 1 / num_models) if weights is None else np.asarray(weights, dtype=np.float64)
    check_weights(weights, num_models)
    shares = weights / weights.sum()
    weighted = shares[:, None, None] * probabilities
    average = weighted.sum(axis=0)
    return average.astype(probabilities.dtype)


def majority_vote(predictions, num_classes):
    predictions = np.asarray(predictions)
    check_votes(predictions, num_classes)
    classes = np.arange(num_classes)
    votes = (predictions[:, :, None] == classes).sum(axis=0)
    # argmax takes the first of equal counts, which is the smaller class
    return votes.argmax(axis=1)


def stacking_features(probabilities):
    probabilities = as_float(probabilities)
    check_cube(probabilities)
    num_models, num_samples, num_classes = probabilities.shape
    by_sample = probabilities.transpose(1, 0, 2)
    return by_sample.reshape(num_samples, num_models * num_classes)
