import numpy as np


def kfold_indices(n_samples, n_splits, rng=None):
    if not 2 <= n_splits <= n_samples:
        raise ValueError("2 <= n_splits <= n_samples is needed")
    idx = np.arange(n_samples)
    if rng is not None:
        rng.shuffle(idx)
    mask = np.zeros(n_samples, dtype=bool)
    out = []
    for block in np.array_split(idx, n_splits):
        mask[:] = False
        mask[block] = True
        out.append((np.where(~mask)[0], np.where(mask)[0]))
    return out


def stratified_kfold_indices(labels, n_splits, rng=None):
    labels = np.asarray(labels)
    if labels.ndim != 1 or not 2 <= n_splits <= labels.size:
        raise ValueError("n_splits")
    values, inverse, counts = np.unique(labels, return_inverse=True, return_counts=True)
    if (counts < n_splits).all():
        raise ValueError("every class is too small")
    parts = [np.empty(0, int)] * n_splits
    for c in range(len(values)):
        where = np.nonzero(inverse == c)[0]
        if rng is not None:
            where = where[rng.permutation(where.size)]
        parts = [np.append(part, block) for part, block in zip(parts, np.array_split(where, n_splits))]
    everything = np.arange(labels.size)
    return [(np.setdiff1d(everything, part), np.sort(part)) for part in parts]


def cross_validate(build_model, x, y, n_splits):
    x, y = np.asarray(x), np.asarray(y)

    def one(fold):
        train, held_out = fold
        model = build_model()
        model.fit(x[train], y[train])
        return model.score(x[held_out], y[held_out])

    return list(map(one, kfold_indices(x.shape[0], n_splits)))
