import numpy as np


def dropout(x, p, training, rng):
    x = np.asarray(x)
    if not training:
        return x, np.ones_like(x)
    mask = (rng.random(x.shape) < p).astype(x.dtype)
    return x * mask / p, mask


def dropout_backward(grad_output, mask, p):
    return grad_output * mask / p
