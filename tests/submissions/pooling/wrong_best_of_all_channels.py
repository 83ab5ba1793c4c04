import numpy as np


def prep(a):
    a = np.asarray(a)
    return a if a.dtype in (np.float32, np.float64) else a.astype(float)


def dims(x, k, s):
    if s is None:
        s = k
    if x.ndim != 4:
        raise ValueError("need NCHW")
    if k < 1 or s < 1 or k > x.shape[2] or k > x.shape[3]:
        raise ValueError("kernel")
    return s, (x.shape[2] - k) // s + 1, (x.shape[3] - k) // s + 1


def max_pool2d(x, kernel_size, stride=None):
    x = prep(x)
    s, oh, ow = dims(x, kernel_size, stride)
    out = np.empty((x.shape[0], x.shape[1], oh, ow), x.dtype)
    for i in range(oh):
        for j in range(ow):
            win = x[:, :, i * s : i * s + kernel_size, j * s : j * s + kernel_size]
            out[:, :, i, j] = win.max(axis=(2, 3))
    return out


def avg_pool2d(x, kernel_size, stride=None):
    x = prep(x)
    s, oh, ow = dims(x, kernel_size, stride)
    out = np.empty((x.shape[0], x.shape[1], oh, ow), x.dtype)
    for i in range(oh):
        for j in range(ow):
            win = x[:, :, i * s : i * s + kernel_size, j * s : j * s + kernel_size]
            out[:, :, i, j] = win.mean(axis=(2, 3))
    return out


def max_pool2d_backward(grad_output, x, kernel_size, stride=None):
    x, g = prep(x), prep(grad_output)
    s, oh, ow = dims(x, kernel_size, stride)
    if g.shape != (x.shape[0], x.shape[1], oh, ow):
        raise ValueError("grad shape")
    gx = np.zeros_like(x)
    for n in range(x.shape[0]):
        for i in range(oh):
            for j in range(ow):
                win = x[n, :, i * s : i * s + kernel_size, j * s : j * s + kernel_size]
                c, a, b = np.unravel_index(win.argmax(), win.shape)
                gx[n, c, i * s + a, j * s + b] += g[n, :, i, j].sum()
    return gx
