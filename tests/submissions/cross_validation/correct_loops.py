# index lists and loops, NumPy only where the answer must be an array
import numpy as np


def _blocks(indices, k):
    q, r = len(indices) // k, len(indices) % k
    blocks = []
    at = 0
    for i in range(k):
        length = q + 1 if i < r else q
        blocks.append(indices[at : at + length])
        at += length
    return blocks


def _pairs(blocks, n):
    result = []
    for block in blocks:
        chosen = set(block)
        train = [i for i in range(n) if i not in chosen]
        result.append((np.array(train, dtype=np.int32), np.array(sorted(chosen), dtype=np.int32)))
    return result


def kfold_indices(n_samples, n_splits, rng=None):
    if n_splits < 2 or n_splits > n_samples:
        raise ValueError(f"cannot make {n_splits} folds of {n_samples} samples")
    indices = list(range(n_samples)) if rng is None else rng.permutation(n_samples).tolist()
    return _pairs(_blocks(indices, n_splits), n_samples)


def stratified_kfold_indices(labels, n_splits, rng=None):
    labels = list(labels)
    by_class = {}
    for i, label in enumerate(labels):
        by_class.setdefault(label, []).append(i)
    if n_splits < 2 or n_splits > max(len(group) for group in by_class.values()):
        raise ValueError("n_splits does not fit the classes")
    folds = [[] for _ in range(n_splits)]
    for label in sorted(by_class):
        group = by_class[label]
        if rng is not None:
            group = rng.permutation(group).tolist()
        for fold, block in zip(folds, _blocks(group, n_splits)):
            fold.extend(block)
    return _pairs(folds, len(labels))


def cross_validate(build_model, x, y, n_splits):
    models = [build_model() for _ in range(n_splits)]
    folds = _pairs(_blocks(list(range(len(x))), n_splits), len(x))
    for model, (train, _) in zip(models, folds):
        model.fit(x[train], y[train])
    return [model.score(x[validation], y[validation]) for model, (_, validation) in zip(models, folds)]
