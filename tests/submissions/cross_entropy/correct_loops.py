import math

import numpy as np


def _prepare(logits, targets):
    z = np.array(logits)
    if z.dtype != np.float32:
        z = z.astype(np.float64)
    t = np.array(targets)
    if z.ndim != 2:
        raise ValueError("logits should be a matrix")
    n, k = z.shape
    if n < 1:
        raise ValueError("empty batch")
    if t.ndim != 1 or t.shape[0] != n:
        raise ValueError("one target for each row please")
    if t.dtype.kind not in "iu":
        raise ValueError("targets must be class ids")
    for c in t:
        if c < 0 or c >= k:
            raise ValueError(f"class {c} does not exist")
    return z, t, n, k


def _logsumexp(row):
    m = max(row)
    return m + math.log(sum(math.exp(v - m) for v in row))


def cross_entropy(logits, targets):
    z, t, n, k = _prepare(logits, targets)
    total = 0.0
    for i in range(n):
        row = [float(v) for v in z[i]]
        total += _logsumexp(row) - row[int(t[i])]
    return z.dtype.type(total / n)


def cross_entropy_backward(logits, targets):
    z, t, n, k = _prepare(logits, targets)
    grad = np.empty((n, k), dtype=z.dtype)
    for i in range(n):
        row = [float(v) for v in z[i]]
        lse = _logsumexp(row)
        for j in range(k):
            p = math.exp(row[j] - lse)
            grad[i, j] = (p - (1.0 if j == t[i] else 0.0)) / n
    return grad
