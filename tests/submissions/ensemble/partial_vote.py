import numpy as np


def average_probabilities(probabilities: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """The (weighted) mean over the models: (M, N, K) → (N, K)."""
    # TODO
    raise NotImplementedError("average_probabilities")


def majority_vote(predictions: np.ndarray, num_classes: int) -> np.ndarray:
    predictions = np.asarray(predictions)
    if predictions.ndim != 2:
        raise ValueError("predictions must be (M, N)")
    if predictions.size and (predictions.min() < 0 or predictions.max() >= num_classes):
        raise ValueError("class ids")
    counts = np.zeros((predictions.shape[1], num_classes), dtype=int)
    for row in predictions:
        counts[np.arange(len(row)), row] += 1
    return np.argmax(counts, axis=1)


def stacking_features(probabilities: np.ndarray) -> np.ndarray:
    """The answers of all models for one sample side by side: (M, N, K) → (N, M·K)."""
    # TODO
    raise NotImplementedError("stacking_features")
