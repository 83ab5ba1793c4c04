import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def output_size(size, kernel_size, stride=1, padding=0):
    raise NotImplementedError("output_size")


def conv2d(x, weight, bias=None, stride=1, padding=0):
    x, weight = (a if a.dtype in (np.float32, np.float64) else a.astype(float) for a in map(np.asarray, (x, weight)))
    if x.ndim != 4 or weight.ndim != 4:
        raise ValueError("rank")
    if x.shape[1] != weight.shape[1]:
        raise ValueError("channels")
    p = padding
    x = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    if weight.shape[2] > x.shape[2] or weight.shape[3] > x.shape[3]:
        raise ValueError("kernel")
    windows = sliding_window_view(x, weight.shape[1:], axis=(1, 2, 3))[:, 0, ::stride, ::stride]
    y = np.einsum("nhwcij,ocij->nohw", windows, weight)
    return y if bias is None else y + np.asarray(bias, dtype=y.dtype)[:, None, None]


def conv2d_backward(grad_output, x, weight, stride=1, padding=0):
    raise NotImplementedError("conv2d_backward")
