import numpy as np


def kfold_indices(n_samples, n_splits, rng=None):
    if n_splits < 2 or n_splits > n_samples:
        raise ValueError
    idx = np.arange(n_samples)
    np.random.shuffle(idx)
    parts = np.array_split(idx, n_splits)
    return [
        (np.sort(np.concatenate(parts[:i] + parts[i + 1 :])), np.sort(parts[i]))
        for i in range(n_splits)
    ]


def stratified_kfold_indices(labels, n_splits, rng=None):
    labels = np.asarray(labels)
    classes, counts = np.unique(labels, return_counts=True)
    if n_splits < 2 or n_splits > max(counts):
        raise ValueError
    parts = []
    for c in classes:
        idx = np.flatnonzero(labels == c)
        if rng is not None:
            idx = rng.permutation(idx)
        parts.append(np.array_split(idx, n_splits))
    val = [np.concatenate([p[i] for p in parts]) for i in range(n_splits)]
    return [(np.concatenate(val[:i] + val[i + 1 :]), val[i]) for i in range(n_splits)]


def cross_validate(build_model, x, y, n_splits):
    scores = np.zeros(n_splits)
    for i, (train, val) in enumerate(kfold_indices(len(x), n_splits)):
        model = build_model()
        model.fit(x[train], y[train])
        scores[i] = model.score(x[val], y[val])
    return scores.mean()
