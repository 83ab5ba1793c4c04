import numpy as np


def _f(x):
    x = np.asarray(x)
    return x if x.dtype in (np.float32, np.float64) else x.astype(np.float64)


def max_pool2d(x, kernel_size, stride=1):
    if stride is None:
        stride = 1
    x = _f(x)
    n, c, h, w = x.shape
    if kernel_size > h or kernel_size > w:
        raise ValueError("kernel too big")
    oh, ow = (h - kernel_size) // stride + 1, (w - kernel_size) // stride + 1
    out = np.zeros((n, c, oh, ow), x.dtype)
    for i in range(oh):
        for j in range(ow):
            out[..., i, j] = x[..., i * stride:i * stride + kernel_size, j * stride:j * stride + kernel_size].max((2, 3))
    return out


def avg_pool2d(x, kernel_size, stride=None):
    if stride is None:
        stride = 1
    x = _f(x)
    n, c, h, w = x.shape
    if kernel_size > h or kernel_size > w:
        raise ValueError("kernel too big")
    oh, ow = (h - kernel_size) // stride + 1, (w - kernel_size) // stride + 1
    out = np.zeros((n, c, oh, ow), x.dtype)
    for i in range(oh):
        for j in range(ow):
            out[..., i, j] = x[..., i * stride:i * stride + kernel_size, j * stride:j * stride + kernel_size].mean((2, 3))
    return out


def max_pool2d_backward(grad_output, x, kernel_size, stride=None):
    x, g = _f(x), _f(grad_output)
    if stride is None:
        stride = kernel_size
    if g.shape[2] != (x.shape[2] - kernel_size) // stride + 1 or g.shape[3] != (x.shape[3] - kernel_size) // stride + 1:
        raise ValueError("grad_output")
    dx = np.zeros_like(x)
    for i in range(g.shape[2]):
        for j in range(g.shape[3]):
            a, b = i * stride, j * stride
            window = x[:, :, a:a + kernel_size, b:b + kernel_size]
            mask = window == window.max(axis=(2, 3), keepdims=True)
            dx[:, :, a:a + kernel_size, b:b + kernel_size] += mask * g[:, :, i, j][:, :, None, None]
    return dx
