import numpy as np


def _floats(values):
    array = np.array(values)
    if array.dtype != np.float32:
        array = array.astype(float)
    return array


def average_probabilities(probabilities, weights=None):
    p = _floats(probabilities)
    if p.ndim != 3 or p.shape[0] == 0:
        raise ValueError("need (M, N, K) with M > 0")
    m, n, k = p.shape
    if weights is None:
        weights = [1] * m
    weights = [float(w) for w in weights]
    if len(weights) != m or min(weights) < 0 or sum(weights) == 0:
        raise ValueError("weights")
    result = np.zeros((n, k), dtype=p.dtype)
    for i in range(n):
        for model in range(m):
            row = p[model, i]
            if min(row) < 0 or abs(float(row.sum()) - 1.0) > 1e-3:
                raise ValueError("not a distribution")
        for c in range(k):
            total = 0.0
            for model in range(m):
                total += weights[model] * float(p[model, i, c])
            result[i, c] = total / sum(weights)
    return result


def majority_vote(predictions, num_classes):
    rows = np.array(predictions).tolist()
    if not rows or not isinstance(rows[0], list):
        raise ValueError("predictions must be (M, N)")
    n = len(rows[0])
    winners = []
    for j in range(n):
        counts = [0] * num_classes
        for row in rows:
            label = row[j]
            if not isinstance(label, int) or label < 0 or label >= num_classes:
                raise ValueError(f"bad class id {label}")
            counts[label] += 1
        winners.append(counts.index(max(counts)))
    return np.array(winners, dtype=np.int32)


def stacking_features(probabilities):
    p = _floats(probabilities)
    if p.ndim != 3:
        raise ValueError("need (M, N, K)")
    m, n, k = p.shape
    out = np.empty((n, m * k), dtype=p.dtype)
    for i in range(m):
        for j in range(k):
            out[:, i * k + j] = p[i, :, j]
    return out
