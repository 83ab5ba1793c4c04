"""Ensembles: averaging, voting and stacking

M models have answered the same N samples, each with probabilities for K classes (M, N, K), or with class ids (M, N).

1. `average_probabilities(probabilities, weights=None)` → (N, K): the mean over the models, weighted if weights (M,) are
   given. Weights need not sum to 1, only their proportions count: [2, 1, 1] means [0.5, 0.25, 0.25].
2. `majority_vote(predictions, num_classes)` → (N,) integers: the class most models voted for; a tie goes to the
   smaller class id.
3. `stacking_features(probabilities)` → (N, M·K): the input of a second-level model. Column m·K + k of row n is what
   model m says about class k for sample n.

Probabilities that are float32 or float64 give results of that dtype, whatever the dtype of the weights; integers and
lists become float64. Class ids are integers, in and out. These raise ValueError: probabilities that are not 3-D,
predictions that are not 2-D, no models (M = 0) in 1. or 2.; in 1. a negative probability, a row whose sum over the
classes differs from 1 by more than 1e-3, weights whose shape is not (M,), a negative weight and weights that sum to
zero; in 2. predictions that are not integers in 0..num_classes−1. No input is modified.

>>> probabilities = np.array([[[0.8, 0.2], [0.4, 0.6]], [[0.2, 0.8], [0.0, 1.0]]])
>>> average_probabilities(probabilities, weights=[3, 1]).round(4).tolist()
[[0.65, 0.35], [0.3, 0.7]]
>>> stacking_features(probabilities).tolist()
[[0.8, 0.2, 0.2, 0.8], [0.4, 0.6, 0.0, 1.0]]
>>> majority_vote([[0, 2], [1, 2], [1, 0], [0, 1]], num_classes=3).tolist()
[0, 2]
"""

import numpy as np


def average_probabilities(probabilities: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """The (weighted) mean over the models: (M, N, K) → (N, K)."""
    # TODO
    raise NotImplementedError("average_probabilities")


def majority_vote(predictions: np.ndarray, num_classes: int) -> np.ndarray:
    """The class with the most votes for each sample: (M, N) → (N,)."""
    # TODO
    raise NotImplementedError("majority_vote")


def stacking_features(probabilities: np.ndarray) -> np.ndarray:
    """The answers of all models for one sample side by side: (M, N, K) → (N, M·K)."""
    # TODO
    raise NotImplementedError("stacking_features")
