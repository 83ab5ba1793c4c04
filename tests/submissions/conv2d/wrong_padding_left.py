import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def f(a):
    a = np.asarray(a)
    return a if a.dtype == np.float32 else a.astype(np.float64)


def output_size(size, kernel_size, stride=1, padding=0):
    if kernel_size > size + 2 * padding:
        raise ValueError("kernel too large")
    return int((size + 2 * padding - kernel_size) / stride) + 1


def conv2d(x, weight, bias=None, stride=1, padding=0):
    x, weight = f(x), f(weight)
    if x.shape[1] != weight.shape[1]:
        raise ValueError("channel mismatch")
    output_size(x.shape[2], weight.shape[2], stride, padding)
    output_size(x.shape[3], weight.shape[3], stride, padding)
    # make room for the padding
    N, C, H, W = x.shape
    xp = np.zeros((N, C, H + 2 * padding, W + 2 * padding), x.dtype)
    xp[:, :, :H, :W] = x
    win = sliding_window_view(xp, weight.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    y = np.tensordot(win, weight, axes=([1, 4, 5], [1, 2, 3])).transpose(0, 3, 1, 2)
    if bias is not None:
        y = y + f(bias)[None, :, None, None]
    return y


def conv2d_backward(grad_output, x, weight, stride=1, padding=0):
    g, x, weight = f(grad_output), f(x), f(weight)
    N, C, H, W = x.shape
    O, _, kh, kw = weight.shape
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    _, _, oh, ow = g.shape
    if (oh, ow) != (output_size(H, kh, stride, padding), output_size(W, kw, stride, padding)):
        raise ValueError("shape")
    gx, gw = np.zeros_like(xp), np.zeros_like(weight)
    for i in range(oh):
        for j in range(ow):
            a, b = i * stride, j * stride
            gx[:, :, a:a + kh, b:b + kw] += np.einsum("no,ocij->ncij", g[:, :, i, j], weight)
            gw += np.einsum("no,ncij->ocij", g[:, :, i, j], xp[:, :, a:a + kh, b:b + kw])
    return gx[:, :, padding:padding + H, padding:padding + W], gw, g.sum((0, 2, 3))
