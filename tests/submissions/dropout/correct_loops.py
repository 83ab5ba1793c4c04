import numpy as np


def _float(x):
    x = np.array(x)
    if x.dtype == np.float32:
        return x
    return x.astype(np.float64)


def _check(p):
    if p < 0 or p >= 1:
        raise ValueError("p must be in [0, 1)")


def dropout(x, p, training, rng):
    _check(p)
    x = _float(x)
    out = np.zeros_like(x)
    mask = np.zeros_like(x)
    if training:
        draws = rng.random(x.shape)
        for i in np.ndindex(x.shape):
            if draws[i] >= p:
                mask[i] = 1
                out[i] = x[i] / (1 - p)
        return out, mask
    else:
        mask += 1
        return x, mask


def dropout_backward(grad_output, mask, p):
    _check(p)
    g, m = _float(grad_output), _float(mask)
    if g.shape != m.shape:
        raise ValueError("shapes differ")
    grad = np.zeros_like(g)
    for i in np.ndindex(g.shape):
        if m[i]:
            grad[i] = g[i] / (1 - p)
    return grad
