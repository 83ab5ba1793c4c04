import numpy as np


def prep(a):
    a = np.asarray(a)
    return a if a.dtype in (np.float32, np.float64) else a.astype(np.float64)


def output_size(size, kernel_size, stride=1, padding=0):
    if min(size, kernel_size, stride) < 1 or padding < 0 or kernel_size > size + 2 * padding:
        raise ValueError("invalid size")
    return (size - kernel_size + 2 * padding) // stride + 1


def conv2d(x, weight, bias=None, stride=1, padding=0):
    x, weight = prep(x), prep(weight)
    if x.ndim != 4 or weight.ndim != 4 or x.shape[1] != weight.shape[1]:
        raise ValueError("invalid shapes")
    n, c, h, w = x.shape
    o, _, kh, kw = weight.shape
    oh, ow = output_size(h, kh, stride, padding), output_size(w, kw, stride, padding)
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    kernel = np.flip(weight, axis=(2, 3))  # a convolution flips the kernel
    out = np.empty((n, o, oh, ow), x.dtype)
    for i in range(oh):
        for j in range(ow):
            patch = xp[:, :, i * stride:i * stride + kh, j * stride:j * stride + kw]
            out[:, :, i, j] = np.tensordot(patch, kernel, axes=([1, 2, 3], [1, 2, 3]))
    if bias is not None:
        bias = prep(bias)
        if bias.shape != (o,):
            raise ValueError("bias")
        out += bias.reshape(1, -1, 1, 1)
    return out


def conv2d_backward(grad_output, x, weight, stride=1, padding=0):
    g, x, weight = prep(grad_output), prep(x), prep(weight)
    n, c, h, w = x.shape
    o, _, kh, kw = weight.shape
    oh, ow = output_size(h, kh, stride, padding), output_size(w, kw, stride, padding)
    if g.shape != (n, o, oh, ow):
        raise ValueError("grad_output")
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    gxp = np.zeros_like(xp)
    gw = np.zeros_like(weight)
    kernel = np.flip(weight, axis=(2, 3))
    for i in range(oh):
        for j in range(ow):
            rows, cols = slice(i * stride, i * stride + kh), slice(j * stride, j * stride + kw)
            gxp[:, :, rows, cols] += np.tensordot(g[:, :, i, j], kernel, axes=(1, 0))
            gw += np.flip(np.tensordot(g[:, :, i, j], xp[:, :, rows, cols], axes=(0, 0)), axis=(2, 3))
    return gxp[:, :, padding:padding + h, padding:padding + w], gw, g.sum(axis=(0, 2, 3))
