"""2-D cross-correlation over sliding windows (Dumoulin and Visin, A guide to convolution arithmetic, 2016)."""

import numpy as np


def as_float(x):
    """x as a float array: float32 and float64 keep their dtype, anything else becomes float64."""
    x = np.asarray(x)
    return x if x.dtype in (np.float32, np.float64) else x.astype(np.float64)


def check_axis(size, kernel_size, stride, padding):
    if size < 1 or kernel_size < 1 or stride < 1:
        raise ValueError(f"size, kernel and stride must be at least 1: got {size}, {kernel_size}, {stride}")
    if padding < 0:
        raise ValueError(f"padding must not be negative: got {padding}")
    if kernel_size > size + 2 * padding:
        raise ValueError(f"a kernel of {kernel_size} is larger than the padded input of {size + 2 * padding}")


def check_operands(x, weight, stride, padding):
    if x.ndim != 4 or weight.ndim != 4:
        raise ValueError(f"x and weight must have four dimensions, not {x.ndim} and {weight.ndim}")
    if x.shape[1] != weight.shape[1]:
        raise ValueError(f"x has {x.shape[1]} channels, weight {weight.shape[1]}")
    check_axis(x.shape[2], weight.shape[2], stride, padding)
    check_axis(x.shape[3], weight.shape[3], stride, padding)


def output_size(size, kernel_size, stride=1, padding=0):
    check_axis(size, kernel_size, stride, padding)
    last_start = size + 2 * padding - kernel_size
    return last_start // stride + 1


def conv2d(x, weight, bias=None, stride=1, padding=0):
    x, weight = as_float(x), as_float(weight)
    check_operands(x, weight, stride, padding)
    kernel_height, kernel_width = weight.shape[2:]
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    every_window = np.lib.stride_tricks.sliding_window_view(padded, (kernel_height, kernel_width), axis=(2, 3))
    windows = every_window[:, :, ::stride, ::stride]
    output = np.einsum("nchwij,ocij->nohw", windows, weight, optimize=True)
    if bias is None:
        return output
    bias = as_float(bias)
    if bias.shape != (len(weight),):
        raise ValueError(f"bias has shape {bias.shape}, expected {(len(weight),)}")
    return output + bias[:, None, None]


def conv2d_backward(grad_output, x, weight, stride=1, padding=0):
    grad_output, x, weight = as_float(grad_output), as_float(x), as_float(weight)
    check_operands(x, weight, stride, padding)
    height, width = x.shape[2:]
    padded_x = np.pad(x, ((0, 0), (0, 0), (padding,) * 2, (padding,) * 2))
    all_patches = np.lib.stride_tricks.sliding_window_view(padded_x, weight.shape[2:], axis=(2, 3))
    patches = all_patches[:, :, ::stride, ::stride]
    out_height, out_width = patches.shape[2:4]
    if grad_output.shape != (len(x), len(weight), out_height, out_width):
        raise ValueError(f"grad_output has shape {grad_output.shape}, not that of the output")

    grad_bias = grad_output.sum(axis=(0, 2, 3))
    grad_weight = np.einsum("nohw,nchwij->ocij", grad_output, patches, optimize=True)
    grad_padded = np.zeros_like(padded_x)
    for i in range(weight.shape[2]):
        for j in range(weight.shape[3]):
            rows = slice(i, i + stride * out_height, stride)
            columns = slice(j, j + stride * out_width, stride)
            grad_padded[:, :, rows, columns] += np.einsum("nohw,oc->nchw", grad_output, weight[:, :, i, j])
    grad_x = grad_padded[:, :, padding : padding + height, padding : padding + width]
    return grad_x, grad_weight, grad_bias
