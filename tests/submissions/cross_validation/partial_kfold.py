from collections.abc import Callable

import numpy as np

Folds = list[tuple[np.ndarray, np.ndarray]]


def kfold_indices(n_samples: int, n_splits: int, rng: np.random.Generator | None = None) -> Folds:
    """(train, validation) index arrays of n_splits folds of 0..n_samples−1."""
    if n_splits < 2 or n_splits > n_samples:
        raise ValueError(n_splits)
    order = rng.permutation(n_samples) if rng is not None else np.arange(n_samples)
    folds = []
    for fold in np.array_split(order, n_splits):
        folds.append((np.setdiff1d(order, fold), np.sort(fold)))
    return folds


def stratified_kfold_indices(labels: np.ndarray, n_splits: int, rng: np.random.Generator | None = None) -> Folds:
    """(train, validation) index arrays of n_splits folds over which every class is spread evenly."""
    # TODO
    raise NotImplementedError("stratified_kfold_indices")


def cross_validate(build_model: Callable, x: np.ndarray, y: np.ndarray, n_splits: int) -> list[float]:
    """The validation score of a newly built and trained model for every fold."""
    # TODO
    raise NotImplementedError("cross_validate")
