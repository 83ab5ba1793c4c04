"""Cross-validation: folds, stratified folds and scores

k-fold cross-validation cuts the samples 0..n−1 into k folds. Each fold is the validation set once, and all other
samples are the training set of that round.

1. `kfold_indices(n_samples, n_splits, rng=None)` returns a list of n_splits pairs `(train, validation)` of sorted
   integer arrays. The validation folds are consecutive blocks of 0..n−1, in order; the first n mod k of them hold one
   sample more than the others. With an rng they are consecutive blocks of `rng.permutation(n_samples)`, drawn once.
2. `stratified_kfold_indices(labels, n_splits, rng=None)` returns the same kind of list, but every class is spread over
   the folds by itself. Cut the indices of each class, in ascending order, by the rule of 1.: k consecutive blocks, the
   first (class count mod k) of them one larger. Validation fold i holds block i of every class. With an rng the blocks
   are cut from one `rng.permutation(indices of the class)` instead, one draw a class, classes in ascending order.
   labels are 1-D, numbers or strings. Folds may then differ in size by more than 1.
3. `cross_validate(build_model, x, y, n_splits)` returns the list of the n_splits scores. For every fold of 1. (without
   an rng) it calls `build_model()` for a new model, then `model.fit(x, y)` on the training rows and `model.score(x, y)`
   on the validation rows. x and y are arrays with samples along axis 0.

These raise ValueError: n_splits below 2 or above the number of samples; in 2. also n_splits above the count of every
class (at least one class must reach every fold), or labels that are not 1-D; in 3. x and y of different length. No
input is modified.

>>> for train, validation in kfold_indices(5, 2):
...     print(train.tolist(), validation.tolist())
[3, 4] [0, 1, 2]
[0, 1, 2] [3, 4]
>>> [validation.tolist() for _, validation in stratified_kfold_indices(list("bbabab"), 2)]
[[0, 1, 2], [3, 4, 5]]
"""

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
    # TODO
    raise NotImplementedError("cross_validate")
