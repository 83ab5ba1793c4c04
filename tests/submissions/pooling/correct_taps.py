import numpy as np


def _setup(x, k, s):
    x = np.asarray(x)
    x = x if x.dtype in (np.float32, np.float64) else x.astype(float)
    s = k if s is None else s
    if x.ndim != 4 or k < 1 or s < 1 or k > x.shape[2] or k > x.shape[3]:
        raise ValueError("bad pooling arguments")
    h, w = (x.shape[2] - k) // s + 1, (x.shape[3] - k) // s + 1
    slices = [
        (slice(None), slice(None), slice(i, i + s * (h - 1) + 1, s), slice(j, j + s * (w - 1) + 1, s))
        for i in range(k)
        for j in range(k)
    ]
    return x, slices, (x.shape[0], x.shape[1], h, w)


def max_pool2d(x, kernel_size, stride=None):
    x, slices, _ = _setup(x, kernel_size, stride)
    out = x[slices[0]]
    for where in slices[1:]:
        out = np.maximum(out, x[where])
    return out


def avg_pool2d(x, kernel_size, stride=None):
    x, slices, _ = _setup(x, kernel_size, stride)
    return sum(x[where] for where in slices) / (kernel_size * kernel_size)


def max_pool2d_backward(grad_output, x, kernel_size, stride=None):
    x, slices, shape = _setup(x, kernel_size, stride)
    g = np.asarray(grad_output)
    if g.shape != shape:
        raise ValueError("grad_output")
    out = np.stack([x[where] for where in slices]).max(axis=0)
    open_windows = np.ones(shape, dtype=bool)
    grad = np.zeros_like(x)
    for where in slices:  # in reading order
        hit = open_windows & (x[where] == out)
        grad[where] += np.where(hit, g, 0)
        open_windows &= ~hit
    return grad
