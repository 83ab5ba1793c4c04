import numpy as np


def validate(p):
    if not 0 <= p < 1:
        raise ValueError("p has to lie in [0, 1)")


def dropout(x, p, training, rng):
    validate(p)
    x = np.asarray(x)
    if x.dtype not in (np.float32, np.float64):
        x = x.astype(np.float64)
    if not training:
        return x.copy(), np.ones_like(x)
    draws = rng.random(x.shape[0])
    keep = (draws >= p).reshape((-1,) + (1,) * (x.ndim - 1))
    mask = np.ones_like(x) * keep
    return x * mask / (1.0 - p), mask


def dropout_backward(grad_output, mask, p):
    validate(p)
    grad_output, mask = np.asarray(grad_output), np.asarray(mask)
    if grad_output.shape != mask.shape:
        raise ValueError("shapes")
    return (grad_output * mask) / (1.0 - p)
