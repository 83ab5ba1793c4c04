"""k-fold cross-validation (Stone, 1974), with stratified folds (Kohavi, 1995)."""

import numpy as np


def check_splits(n_splits, n_samples):
    if n_splits < 2:
        raise ValueError(f"n_splits must be at least 2, not {n_splits}")
    if n_splits > n_samples:
        raise ValueError(f"n_splits {n_splits} exceeds the {n_samples} samples")


def fold_sizes(count, n_splits):
    """n_splits sizes that add up to count, the first count % n_splits of them one larger."""
    size, larger = divmod(count, n_splits)
    return [size + (fold < larger) for fold in range(n_splits)]


def kfold_indices(n_samples, n_splits, rng=None):
    check_splits(n_splits, n_samples)
    order = np.arange(n_samples) if rng is None else rng.permutation(n_samples)
    folds = []
    start = 0
    for size in fold_sizes(n_samples, n_splits):
        stop = start + size
        validation = np.sort(order[start:stop])
        train = np.sort(np.concatenate([order[:start], order[stop:]]))
        folds.append((train, validation))
        start = stop
    return folds


def stratified_kfold_indices(labels, n_splits, rng=None):
    labels = np.asarray(labels)
    if labels.ndim != 1:
        raise ValueError(f"labels must have one dimension, not {labels.ndim}")
    check_splits(n_splits, len(labels))
    classes, counts = np.unique(labels, return_counts=True)
    if n_splits > counts.max():
        raise ValueError(f"n_splits {n_splits} exceeds the count of every class, the largest has {counts.max()}")
    fold_of = np.empty(len(labels), dtype=np.int64)
    for label in classes:
        members = np.flatnonzero(labels == label)
        if rng is not None:
            members = rng.permutation(members)
        sizes = fold_sizes(len(members), n_splits)
        fold_of[members] = np.repeat(np.arange(n_splits), sizes)
    return [(np.flatnonzero(fold_of != fold), np.flatnonzero(fold_of == fold)) for fold in range(n_splits)]


def cross_validate(build_model, x, y, n_splits):
    x, y = np.asarray(x), np.asarray(y)
    if len(x) != len(y):
        raise ValueError(f"x has {len(x)} samples, y {len(y)}")
    scores = []
    for train, validation in kfold_indices(len(x), n_splits):
        model = build_model()
        model.fit(x[train], y[train])
        scores.append(model.score(x[validation], y[validation]))
    return scores
