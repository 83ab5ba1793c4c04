import numpy as np


def kfold_indices(n_samples, n_splits, rng=None):
    if n_splits < 2:
        raise ValueError("n_splits < 2")
    if n_splits > n_samples:
        raise ValueError("n_splits > n_samples")
    base, extra = n_samples // n_splits, n_samples % n_splits
    splits = []
    begin = 0
    for i in range(n_splits):
        m = base + (1 if i < extra else 0)
        if rng is None:
            val = np.arange(begin, begin + m)
        else:
            val = np.sort(rng.choice(n_samples, size=m, replace=False))
        begin += m
        splits.append((np.setdiff1d(np.arange(n_samples), val), val))
    return splits


def stratified_kfold_indices(labels, n_splits, rng=None):
    labels = np.asarray(labels)
    n = len(labels)
    if n_splits < 2 or n_splits > max(np.sum(labels == c) for c in labels):
        raise ValueError("n_splits does not suit these labels")
    # sort by label, so that the classes are next to each other, then cut
    order = np.argsort(labels, kind="stable")
    if rng is not None:
        order = order[rng.permutation(n)]
    return [
        (np.sort(np.setdiff1d(order, part)), np.sort(part)) for part in np.array_split(order, n_splits)
    ]


def cross_validate(build_model, x, y, n_splits):
    result = []
    for tr, va in kfold_indices(len(x), n_splits):
        net = build_model()
        net.fit(x[tr], y[tr])
        result.append(net.score(x[tr], y[tr]))
    return result
