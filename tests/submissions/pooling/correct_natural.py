import numpy as np


def _setup(x, kernel_size, stride):
    x = np.asarray(x)
    if x.dtype.kind != "f":
        x = x.astype(np.float64)
    s = kernel_size if stride is None else stride
    n, c, h, w = x.shape
    if kernel_size > h or kernel_size > w:
        raise ValueError("kernel larger than the input")
    return x, s, (h - kernel_size) // s + 1, (w - kernel_size) // s + 1


def _pool(x, k, stride, reduce):
    x, s, oh, ow = _setup(x, k, stride)
    out = np.zeros(x.shape[:2] + (oh, ow), x.dtype)
    for i in range(oh):
        for j in range(ow):
            out[:, :, i, j] = reduce(x[:, :, i * s : i * s + k, j * s : j * s + k], axis=(2, 3))
    return out


def max_pool2d(x, kernel_size, stride=None):
    return _pool(x, kernel_size, stride, np.max)


def avg_pool2d(x, kernel_size, stride=None):
    return _pool(x, kernel_size, stride, np.mean)


def max_pool2d_backward(grad_output, x, kernel_size, stride=None):
    x, s, oh, ow = _setup(x, kernel_size, stride)
    k = kernel_size
    grad_output = np.asarray(grad_output)
    grad = np.zeros_like(x)
    for n in range(x.shape[0]):
        for c in range(x.shape[1]):
            for i in range(oh):
                for j in range(ow):
                    window = x[n, c, i * s : i * s + k, j * s : j * s + k]
                    a, b = divmod(window.argmax(), k)
                    grad[n, c, i * s + a, j * s + b] += grad_output[n, c, i, j]
    return grad
