import numpy as np
from numpy.lib.stride_tricks import sliding_window_view as view


def _windows(x, k, s):
    x = np.asarray(x)
    x = x if x.dtype in (np.float32, np.float64) else x.astype(np.float64)
    return view(x, (1, 1, k, k))[:, :, ::s or k, ::s or k, 0, 0]


def max_pool2d(x, kernel_size, stride=None):
    return _windows(x, kernel_size, stride).max(axis=(-2, -1))


def avg_pool2d(x, kernel_size, stride=None):
    return _windows(x, kernel_size, stride).mean(axis=(-2, -1))


def max_pool2d_backward(grad_output, x, kernel_size, stride=None):
    # TODO
    raise NotImplementedError("max_pool2d_backward")
