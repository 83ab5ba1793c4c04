import numpy as np


def avg_pool2d(x, kernel_size, stride=None):
    x = np.asarray(x, dtype=np.float32 if np.asarray(x).dtype == np.float32 else np.float64)
    stride = stride or kernel_size
    N, C, H, W = x.shape
    if kernel_size > H or kernel_size > W:
        raise ValueError("kernel")
    out = np.zeros((N, C, (H - kernel_size) // stride + 1, (W - kernel_size) // stride + 1), x.dtype)
    for n in range(N):
        for i in range(out.shape[2]):
            for j in range(out.shape[3]):
                out[n, :, i, j] = x[n, :, i * stride:i * stride + kernel_size, j * stride:j * stride + kernel_size].mean()
    return out


def max_pool2d(x, kernel_size, stride=None):
    x = np.asarray(x, dtype=np.float32 if np.asarray(x).dtype == np.float32 else np.float64)
    stride = stride or kernel_size
    N, C, H, W = x.shape
    if kernel_size > H or kernel_size > W:
        raise ValueError("kernel")
    out = np.zeros((N, C, (H - kernel_size) // stride + 1, (W - kernel_size) // stride + 1), x.dtype)
    for n in range(N):
        for c in range(C):
            for i in range(out.shape[2]):
                for j in range(out.shape[3]):
                    for a in range(kernel_size):
                        for b in range(kernel_size):
                            v = x[n, c, i * stride + a, j * stride + b]
                            if v > out[n, c, i, j]:
                                out[n, c, i, j] = v
    return out


def max_pool2d_backward(grad_output, x, kernel_size, stride=None):
    raise NotImplementedError("max_pool2d_backward")
