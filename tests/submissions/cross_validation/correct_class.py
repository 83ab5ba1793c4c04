"""scikit-learn style splitter objects behind the three functions."""
import numpy as np


class KFold:
    def __init__(self, n_splits):
        if n_splits < 2:
            raise ValueError("at least two folds")
        self.n_splits = n_splits

    def bounds(self, n):
        """Edges of the blocks: fold i is edges[i]:edges[i + 1]."""
        i = np.arange(self.n_splits + 1)
        return i * (n // self.n_splits) + np.minimum(i, n % self.n_splits)

    def assign(self, n):
        """The fold of each of n ordered samples."""
        return np.searchsorted(self.bounds(n), np.arange(n), side="right") - 1

    def folds(self, n, rng):
        if n < self.n_splits:
            raise ValueError("more folds than samples")
        fold = np.empty(n, dtype=int)
        fold[np.arange(n) if rng is None else rng.permutation(n)] = self.assign(n)
        return fold

    def split(self, fold):
        for i in range(self.n_splits):
            yield np.flatnonzero(fold != i), np.flatnonzero(fold == i)


class StratifiedKFold(KFold):
    def folds(self, labels, rng):
        labels = np.asarray(labels)
        classes, counts = np.unique(labels, return_counts=True)
        if len(labels) < self.n_splits or max(counts) < self.n_splits:
            raise ValueError("more folds than samples of any class")
        fold = np.empty(len(labels), dtype=int)
        for c in classes:
            (members,) = np.nonzero(labels == c)
            order = members if rng is None else rng.permutation(members)
            fold[order] = self.assign(len(order))
        return fold


def kfold_indices(n_samples, n_splits, rng=None):
    k = KFold(n_splits)
    return list(k.split(k.folds(n_samples, rng)))


def stratified_kfold_indices(labels, n_splits, rng=None):
    k = StratifiedKFold(n_splits)
    return list(k.split(k.folds(labels, rng)))


def cross_validate(build_model, x, y, n_splits):
    scores = []
    for train, test in kfold_indices(n_samples=len(y), n_splits=n_splits):
        model = build_model()
        model.fit(np.take(x, train, axis=0), np.take(y, train, axis=0))
        scores.append(float(model.score(np.take(x, test, axis=0), np.take(y, test, axis=0))))
    return scores
