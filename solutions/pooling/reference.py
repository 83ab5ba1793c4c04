"""Max and average pooling without padding (Goodfellow, Bengio and Courville, Deep Learning, section 9.3)."""

import numpy as np


def as_float(x):
    """x as a float array: float32 and float64 keep their dtype, anything else becomes float64."""
    x = np.asarray(x)
    return x if x.dtype in (np.float32, np.float64) else x.astype(np.float64)


def check_window(x, kernel_size, stride):
    if x.ndim != 4:
        raise ValueError(f"x must have four dimensions, not {x.ndim}")
    if kernel_size < 1 or stride < 1:
        raise ValueError(f"kernel_size and stride must be at least 1: got {kernel_size} and {stride}")
    if kernel_size > min(x.shape[2:]):
        raise ValueError(f"a kernel of {kernel_size} is larger than an input of {x.shape[2:]}")


def max_pool2d(x, kernel_size, stride=None):
    x = as_float(x)
    stride = kernel_size if stride is None else stride
    check_window(x, kernel_size, stride)
    every_window = np.lib.stride_tricks.sliding_window_view(x, (kernel_size, kernel_size), axis=(2, 3))
    windows = every_window[:, :, ::stride, ::stride]
    return windows.max(axis=(4, 5))


def avg_pool2d(x, kernel_size, stride=None):
    x = as_float(x)
    step = kernel_size if stride is None else stride
    check_window(x, kernel_size, step)
    all_patches = np.lib.stride_tricks.sliding_window_view(x, (kernel_size, kernel_size), axis=(2, 3))
    patches = all_patches[:, :, ::step, ::step]
    return patches.mean(axis=(4, 5))


def max_pool2d_backward(grad_output, x, kernel_size, stride=None):
    grad_output, x = as_float(grad_output), as_float(x)
    hop = kernel_size if stride is None else stride
    check_window(x, kernel_size, hop)
    n, channels, height, width = x.shape
    out_height = (height - kernel_size) // hop + 1
    out_width = (width - kernel_size) // hop + 1
    if grad_output.shape != (n, channels, out_height, out_width):
        raise ValueError(f"grad_output has shape {grad_output.shape}, not that of the output")

    grad_x = np.zeros_like(x)
    for row in range(out_height):
        for column in range(out_width):
            rows = slice(row * hop, row * hop + kernel_size)
            columns = slice(column * hop, column * hop + kernel_size)
            window = x[:, :, rows, columns].reshape(n, channels, kernel_size**2)
            first = window.argmax(axis=-1)
            share = first[..., None] == np.arange(kernel_size**2)
            grad_window = share * grad_output[:, :, row, column, None]
            grad_x[:, :, rows, columns] += grad_window.reshape(n, channels, kernel_size, kernel_size)
    return grad_x
