import numpy as np
from scipy import special as sp

_f = sp.softmax


def softmax(x, axis=-1):
    x = np.asarray(x)
    if x.dtype.kind != "f":
        x = x.astype(float)
    if not -x.ndim <= axis < x.ndim:
        raise ValueError("axis")
    return _f(x, axis=axis)


def softmax_jacobian(x):
    x = np.asarray(x)
    if x.ndim != 1:
        raise ValueError("vector please")
    s = softmax(x)
    return np.diag(s) - s[:, None] * s[None, :]


def softmax_backward(grad_output, output, axis=-1):
    if np.shape(grad_output) != np.shape(output):
        raise ValueError("shape")
    dot = np.einsum("...i,...i->...", np.moveaxis(grad_output, axis, -1), np.moveaxis(output, axis, -1))
    return output * (grad_output - np.expand_dims(dot, axis))
