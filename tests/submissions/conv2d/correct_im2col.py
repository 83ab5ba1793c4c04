"""im2col and matrix products."""
from typing import Optional

import numpy as np


class Im2Col:
    def __init__(self, channels, size, kernel, stride, padding):
        self.channels, self.size, self.kernel = channels, size, kernel
        self.stride, self.padding = stride, padding
        self.out = tuple(output_size(s, k, stride, padding) for s, k in zip(size, kernel))
        kh, kw = kernel
        oh, ow = self.out
        i = np.tile(np.repeat(np.arange(kh), kw), channels)[:, None] + stride * np.repeat(np.arange(oh), ow)[None]
        j = np.tile(np.arange(kw), kh * channels)[:, None] + stride * np.tile(np.arange(ow), oh)[None]
        ch = np.repeat(np.arange(channels), kh * kw)[:, None]
        self.index = (slice(None), ch, i, j)

    def padded(self, x):
        n, c, h, w = x.shape
        p = self.padding
        out = np.zeros((n, c, h + 2 * p, w + 2 * p), x.dtype)
        out[:, :, p:p + h, p:p + w] = x
        return out

    def columns(self, x):
        return self.padded(x)[self.index]                     # (N, C·kH·kW, H'·W')

    def back(self, columns, x):
        grad = np.zeros_like(self.padded(x))
        np.add.at(grad, self.index, columns)
        p = self.padding
        h, w = self.size
        return np.ascontiguousarray(grad[:, :, p:p + h, p:p + w])


def to_float(a):
    a = np.asarray(a)
    return a if a.dtype == np.float32 else np.asarray(a, dtype=np.float64)


def output_size(size, kernel_size, stride=1, padding=0):
    if size <= 0 or kernel_size <= 0 or stride <= 0 or padding < 0:
        raise ValueError("sizes and strides are positive, padding is not negative")
    free = size + 2 * padding - kernel_size
    if free < 0:
        raise ValueError(f"kernel {kernel_size} does not fit")
    return int(np.floor(free / stride)) + 1


def setup(x, weight, stride, padding):
    if x.ndim != 4:
        raise ValueError("x")
    if weight.ndim != 4:
        raise ValueError("weight")
    if x.shape[1] != weight.shape[1]:
        raise ValueError("channels differ")
    return Im2Col(x.shape[1], x.shape[2:], weight.shape[2:], stride, padding)


def conv2d(x, weight, bias: Optional[np.ndarray] = None, stride=1, padding=0):
    x, weight = to_float(x), to_float(weight)
    plan = setup(x, weight, stride, padding)
    flat = weight.reshape(len(weight), -1)
    y = flat @ plan.columns(x)                                  # (N, O, H'·W')
    if bias is not None:
        bias = to_float(bias)
        if bias.shape != (len(weight),):
            raise ValueError("bias")
        y += bias.reshape(-1, 1)
    return y.reshape(len(x), len(weight), *plan.out)


def conv2d_backward(grad_output, x, weight, stride=1, padding=0):
    g, x, weight = to_float(grad_output), to_float(x), to_float(weight)
    plan = setup(x, weight, stride, padding)
    if g.shape != (len(x), len(weight)) + plan.out:
        raise ValueError("grad_output has the wrong shape")
    g2 = g.reshape(len(x), len(weight), -1)
    grad_weight = np.tensordot(g2, plan.columns(x), axes=([0, 2], [0, 2])).reshape(weight.shape)
    columns = np.matmul(weight.reshape(len(weight), -1).T, g2)
    return plan.back(columns, x), grad_weight, np.einsum("nop->o", g2)
