import numpy as np


def to_float(a):
    a = np.asarray(a)
    if a.dtype != np.float32:
        a = a.astype(np.float64)
    return a


def sizes(x, k, s):
    if x.ndim != 4:
        raise ValueError("x must be NCHW")
    if k < 1 or s < 1:
        raise ValueError("kernel_size and stride must be positive")
    N, C, H, W = x.shape
    if k > H or k > W:
        raise ValueError("kernel larger than the input")
    return N, C, (H - k) // s + 1, (W - k) // s + 1


def max_pool2d(x, kernel_size, stride=None):
    if stride is None:
        stride = kernel_size
    x = to_float(x)
    N, C, Ho, Wo = sizes(x, kernel_size, stride)
    out = np.empty((N, C, Ho, Wo), dtype=x.dtype)
    for n in range(N):
        for c in range(C):
            for i in range(Ho):
                for j in range(Wo):
                    best = -np.inf
                    for a in range(kernel_size):
                        for b in range(kernel_size):
                            best = max(best, x[n, c, i * stride + a, j * stride + b])
                    out[n, c, i, j] = best
    return out


def avg_pool2d(x, kernel_size, stride=None):
    if stride is None:
        stride = kernel_size
    x = to_float(x)
    N, C, Ho, Wo = sizes(x, kernel_size, stride)
    out = np.zeros((N, C, Ho, Wo), dtype=x.dtype)
    for a in range(kernel_size):
        for b in range(kernel_size):
            for i in range(Ho):
                for j in range(Wo):
                    out[:, :, i, j] += x[:, :, i * stride + a, j * stride + b] / kernel_size ** 2
    return out


def max_pool2d_backward(grad_output, x, kernel_size, stride=None):
    if stride is None:
        stride = kernel_size
    x = to_float(x)
    g = to_float(grad_output)
    if g.shape != sizes(x, kernel_size, stride):
        raise ValueError("grad_output has the wrong shape")
    N, C, Ho, Wo = g.shape
    grad = np.zeros(x.shape, dtype=x.dtype)
    for n in range(N):
        for c in range(C):
            for i in range(Ho):
                for j in range(Wo):
                    best, where = None, None
                    for a in range(i * stride, i * stride + kernel_size):
                        for b in range(j * stride, j * stride + kernel_size):
                            if best is None or x[n, c, a, b] > best:
                                best, where = x[n, c, a, b], (a, b)
                    grad[n, c, where[0], where[1]] += g[n, c, i, j]
    return grad
