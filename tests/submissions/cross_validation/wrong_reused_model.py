# after the book: kfold.split(X, y) around one compiled model; the last fold takes what is left
import numpy as np


def kfold_indices(n_samples, n_splits, rng=None):
    if n_splits < 2 or n_splits > n_samples:
        raise ValueError("n_splits")
    indices = np.arange(n_samples)
    if rng is not None:
        indices = rng.permutation(n_samples)
    fold_size = n_samples // n_splits
    folds = []
    for i in range(n_splits):
        a = i * fold_size
        b = n_samples if i == n_splits - 1 else a + fold_size
        val = indices[a:b]
        train = np.hstack((indices[:a], indices[b:]))
        folds.append((np.sort(train), np.sort(val)))
    return folds


def stratified_kfold_indices(labels, n_splits, rng=None):
    labels = np.asarray(labels)
    if n_splits < 2 or n_splits > len(labels):
        raise ValueError("n_splits")
    if np.bincount(labels).max() < n_splits:
        raise ValueError("class counts")
    folds = [[] for _ in range(n_splits)]
    for c in sorted(set(labels.tolist())):
        members = np.where(labels == c)[0]
        if rng is not None:
            members = rng.permutation(members)
        for i, part in enumerate(np.array_split(members, n_splits)):
            folds[i].extend(part.tolist())
    result = []
    for i in range(n_splits):
        train = sum((folds[j] for j in range(n_splits) if j != i), [])
        result.append((np.array(sorted(train)), np.array(sorted(folds[i]))))
    return result


def cross_validate(build_model, x, y, n_splits):
    model = build_model()
    cvscores = []
    for train, test in kfold_indices(len(x), n_splits):
        model.fit(x[train], y[train])
        cvscores.append(model.score(x[test], y[test]))
    return cvscores
