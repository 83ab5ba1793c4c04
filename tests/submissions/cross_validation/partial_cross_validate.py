from collections.abc import Callable

import numpy as np

Folds = list[tuple[np.ndarray, np.ndarray]]


def kfold_indices(n_samples: int, n_splits: int, rng: np.random.Generator | None = None) -> Folds:
    """(train, validation) index arrays of n_splits folds of 0..n_samples−1."""
    # TODO
    raise NotImplementedError("kfold_indices")


def stratified_kfold_indices(labels: np.ndarray, n_splits: int, rng: np.random.Generator | None = None) -> Folds:
    """(train, validation) index arrays of n_splits folds over which every class is spread evenly."""
    # TODO
    raise NotImplementedError("stratified_kfold_indices")


def cross_validate(build_model: Callable, x: np.ndarray, y: np.ndarray, n_splits: int) -> list[float]:
    """The validation score of a newly built and trained model for every fold."""
    scores = []
    for train, validation in kfold_indices(len(x), n_splits):
        model = build_model()
        model.fit(x[train], y[train])
        scores.append(model.score(x[validation], y[validation]))
    return scores
