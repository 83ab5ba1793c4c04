import numpy as np
def _split(order, k):
    return np.array_split(order, k)
def kfold_indices(n_samples, n_splits, rng=None):
    if n_splits < 2 or n_splits > n_samples: raise ValueError("n_splits")
    order = np.arange(n_samples) if rng is None else rng.permutation(n_samples)
    out = []
    for f in _split(order, n_splits):
        out.append((np.setdiff1d(np.arange(n_samples), f), np.sort(f)))
    return out
def stratified_kfold_indices(labels, n_splits, rng=None):
    labels = np.asarray(labels)
    classes, counts = np.unique(labels, return_counts=True)
    if n_splits < 2 or n_splits > len(labels) or n_splits > counts.max(): raise ValueError("n_splits")
    val = [[] for _ in range(n_splits)]
    for c in classes:
        idx = np.flatnonzero(labels == c)
        if rng is not None: idx = rng.permutation(idx)
        for k, f in enumerate(_split(idx, n_splits)): val[k].extend(f.tolist())
    return [(np.setdiff1d(np.arange(len(labels)), v), np.sort(np.array(v, dtype=int))) for v in val]
def cross_validate(build_model, x, y, n_splits):
    scores = []
    for tr, va in kfold_indices(len(x), n_splits):
        m = build_model()
        m.fit(x[tr], y[tr])
        scores.append(m.score(x[va], y[va]))
    return scores
