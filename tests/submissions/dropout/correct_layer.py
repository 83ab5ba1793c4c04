import numpy as np


class Dropout:
    def __init__(self, p):
        if p < 0.0 or p >= 1.0:
            raise ValueError(f"invalid dropout probability {p}")
        self.keep = 1.0 - float(p)
        self.p = p

    def __call__(self, x, training, rng):
        x = np.asarray(x)
        x = x if x.dtype == np.float32 else x.astype(np.float64)
        if training:
            mask = 1 - (rng.random(x.shape) < self.p).astype(x.dtype)
        else:
            mask = np.ones_like(x)
        return x * mask / (self.keep if training else 1.0), mask

    def backward(self, grad, mask):
        grad, mask = np.asarray(grad), np.asarray(mask)
        if grad.shape != mask.shape:
            raise ValueError("shape mismatch")
        out = grad / self.keep
        out[mask == 0] = 0.0
        return out


def dropout(x, p, training, rng):
    return Dropout(p)(x, training, rng)


def dropout_backward(grad_output, mask, p):
    return Dropout(p).backward(grad_output, mask)
