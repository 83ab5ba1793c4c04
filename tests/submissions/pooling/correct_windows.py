from numpy.lib.stride_tricks import as_strided
import numpy as np


class Pool:
    """Windows of an image as a view of shape (N, C, H', W', k, k)."""

    def __init__(self, x, kernel_size, stride):
        self.x = np.asarray(x, dtype=np.float32 if getattr(x, "dtype", None) == np.float32 else np.float64)
        self.k = int(kernel_size)
        self.s = self.k if stride is None else int(stride)
        if self.x.ndim != 4 or self.k <= 0 or self.s <= 0 or min(self.x.shape[2:]) < self.k:
            raise ValueError("cannot pool this")
        n, c, h, w = self.x.shape
        self.shape = n, c, 1 + (h - self.k) // self.s, 1 + (w - self.k) // self.s
        a, b, p, q = self.x.strides
        self.windows = as_strided(
            self.x, (*self.shape, self.k, self.k), (a, b, p * self.s, q * self.s, p, q), writeable=False
        )


def max_pool2d(x, kernel_size, stride=None):
    return np.amax(Pool(x, kernel_size, stride).windows, axis=(-1, -2))


def avg_pool2d(x, kernel_size, stride=None):
    pool = Pool(x, kernel_size, stride)
    return np.einsum("nchwij->nchw", pool.windows) / pool.k ** 2


def max_pool2d_backward(grad_output, x, kernel_size, stride=None):
    pool = Pool(x, kernel_size, stride)
    g = np.asarray(grad_output)
    if g.shape != pool.shape:
        raise ValueError(f"{g.shape} is not {pool.shape}")
    flat = pool.windows.reshape(*pool.shape, -1)
    di, dj = np.unravel_index(flat.argmax(-1), (pool.k, pool.k))
    n, c, r, q = np.indices(pool.shape)
    grad = np.zeros_like(pool.x)
    np.add.at(grad, (n, c, r * pool.s + di, q * pool.s + dj), g)
    return grad
