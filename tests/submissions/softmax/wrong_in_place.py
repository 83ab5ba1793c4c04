import numpy as np


def softmax(x, axis=-1):
    if isinstance(x, np.ndarray) and x.dtype in (np.float32, np.float64):
        x -= x.max(axis=axis, keepdims=True)
    else:
        x = np.array(x, dtype=float)
        x = x - x.max(axis=axis, keepdims=True)
    np.exp(x, out=x)
    x /= x.sum(axis=axis, keepdims=True)
    return x


def softmax_jacobian(x):
    if x.ndim != 1:
        raise ValueError("x")
    s = softmax(x.copy())
    return -np.diag(s * (1 - s))


def softmax_backward(grad_output, output, axis=-1):
    if grad_output.shape != output.shape:
        raise ValueError("x")
    return grad_output * output * (1 - output)
