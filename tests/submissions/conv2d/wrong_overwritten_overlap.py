import numpy as np


def output_size(size, kernel_size, stride=1, padding=0):
    if kernel_size > size + 2 * padding:
        raise ValueError("kernel larger than the padded input")
    return (size + 2 * padding - kernel_size) // stride + 1


def _f(a):
    a = np.asarray(a)
    return a if a.dtype.kind == "f" else a.astype(np.float64)


def conv2d(x, weight, bias=None, stride=1, padding=0):
    x, weight = _f(x), _f(weight)
    n, _, h, w = x.shape
    o, _, kh, kw = weight.shape
    oh, ow = output_size(h, kh, stride, padding), output_size(w, kw, stride, padding)
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    out = np.zeros((n, o, oh, ow), dtype=x.dtype)
    for i in range(oh):
        for j in range(ow):
            patch = x[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
            out[:, :, i, j] = np.tensordot(patch, weight, axes=([1, 2, 3], [1, 2, 3]))
    if bias is not None:
        out += np.asarray(bias)[None, :, None, None]
    return out


def conv2d_backward(grad_output, x, weight, stride=1, padding=0):
    grad_output, x, weight = _f(grad_output), _f(x), _f(weight)
    _, _, h, w = x.shape
    _, _, kh, kw = weight.shape
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    gx, gw = np.zeros_like(xp), np.zeros_like(weight)
    for i in range(grad_output.shape[2]):
        for j in range(grad_output.shape[3]):
            rows, cols = slice(i * stride, i * stride + kh), slice(j * stride, j * stride + kw)
            g = grad_output[:, :, i, j]
            gw += np.tensordot(g, xp[:, :, rows, cols], axes=(0, 0))
            gx[:, :, rows, cols] = np.tensordot(g, weight, axes=(1, 0))
    return (
        gx[:, :, padding : padding + h, padding : padding + w],
        gw,
        grad_output.sum(axis=(0, 2, 3)),
    )
