import numpy as np


def as_float(a):
    a = np.asarray(a)
    return a if a.dtype in ("float32", "float64") else a.astype("float64")


def dropout(x, p, training, rng):
    x = as_float(x)
    if not (0 <= p < 1):
        raise ValueError(p)
    if not training:
        return x.copy(), np.ones(x.shape, x.dtype)
    kept = rng.choice([False, True], size=x.shape, p=[p, 1 - p])  # one uniform draw an element
    mask = np.where(kept, 1, 0).astype(x.dtype)
    scale = x.dtype.type(1 / (1 - p))
    return np.multiply(x, mask) * scale, mask


def dropout_backward(grad_output, mask, p):
    grad_output, mask = as_float(grad_output), as_float(mask)
    if not (0 <= p < 1):
        raise ValueError(p)
    if grad_output.shape != mask.shape:
        raise ValueError("one mask entry per gradient entry")
    return np.where(mask == 1, grad_output, 0) * grad_output.dtype.type(1 / (1 - p))
