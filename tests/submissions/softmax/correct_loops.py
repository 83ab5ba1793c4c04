import math

import numpy as np


def _promote(values):
    arr = np.array(values, copy=True)
    if arr.dtype == np.float32 or arr.dtype == np.float64:
        return arr
    return arr.astype("float64")


def softmax(x, axis=-1):
    x = _promote(x)
    if axis >= x.ndim or axis < -x.ndim:
        raise ValueError("bad axis")
    moved = np.moveaxis(x, axis, -1)
    out = np.empty_like(moved)
    for idx in np.ndindex(moved.shape[:-1]):
        row = moved[idx]
        top = max(float(v) for v in row)
        weights = [math.exp(float(v) - top) for v in row]
        total = math.fsum(weights)
        for k, w in enumerate(weights):
            out[idx + (k,)] = w / total
    return np.moveaxis(out, -1, axis)


def softmax_jacobian(x):
    x = _promote(x)
    if x.ndim != 1:
        raise ValueError("need a vector")
    s = softmax(x)
    k = len(s)
    jac = np.zeros((k, k), dtype=s.dtype)
    for i in range(k):
        for j in range(k):
            jac[i, j] = s[i] * ((1 if i == j else 0) - s[j])
    return jac


def softmax_backward(grad_output, output, axis=-1):
    g, s = _promote(grad_output), _promote(output)
    if g.shape != s.shape:
        raise ValueError("shapes differ")
    g, s = np.moveaxis(g, axis, -1), np.moveaxis(s, axis, -1)
    out = np.empty_like(s)
    for idx in np.ndindex(s.shape[:-1]):
        jac = np.diag(s[idx]) - np.outer(s[idx], s[idx])
        out[idx] = jac.T @ g[idx]
    return np.moveaxis(out, -1, axis)
