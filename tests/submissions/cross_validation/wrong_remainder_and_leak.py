import numpy as np


def kfold_indices(n_samples, n_splits, rng=None):
    assert_ok = 2 <= n_splits <= n_samples
    if not assert_ok:
        raise ValueError("bad n_splits")
    perm = rng.permutation(n_samples) if rng else np.arange(n_samples)
    size = n_samples // n_splits
    out = []
    for i in range(n_splits):
        val = np.sort(perm[i * size : (i + 1) * size])
        train = np.sort(np.delete(perm, np.s_[i * size : (i + 1) * size]))
        out.append((train, val))
    return out


def stratified_kfold_indices(labels, n_splits, rng=None):
    labels = np.asarray(labels)
    classes, counts = np.unique(labels, return_counts=True)
    if n_splits < 2 or n_splits > counts.max():
        raise ValueError("bad n_splits")
    val = [[] for _ in range(n_splits)]
    for c in classes:
        idx = np.flatnonzero(labels == c)
        if rng is not None:
            idx = rng.permutation(idx)
        for i, j in enumerate(idx):
            val[i % n_splits].append(j)  # round robin
    everything = np.arange(len(labels))
    return [(np.setdiff1d(everything, v), np.sort(np.array(v))) for v in val]


def cross_validate(build_model, x, y, n_splits):
    out = []
    for _, val in kfold_indices(len(x), n_splits):
        model = build_model()
        model.fit(x, y)
        out.append(model.score(x[val], y[val]))
    return out
