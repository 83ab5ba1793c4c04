import numpy as np


def output_size(size, kernel_size, stride=1, padding=0):
    if kernel_size > size + 2 * padding:
        raise ValueError("kernel larger than the padded input")
    return (size + 2 * padding - kernel_size) // stride + 1


def _f(a):
    a = np.asarray(a)
    return a if a.dtype.kind == "f" else a.astype(np.float64)


def _pad(x, p):
    return np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))


def conv2d(x, weight, bias=None, stride=1, padding=0):
    x, weight = _f(x), _f(weight)
    n, c, h, w = x.shape
    o, _, kh, kw = weight.shape
    oh, ow = output_size(h, kh, stride, padding), output_size(w, kw, stride, padding)
    x = _pad(x, padding)
    out = np.zeros((n, o, oh, ow), dtype=x.dtype)
    for k in range(o):
        for ch in range(c):
            for i in range(oh):
                for j in range(ow):
                    r, s = i * stride, j * stride
                    patch = x[:, ch, r : r + kh, s : s + kw]
                    out[:, k, i, j] += (patch * weight[k, ch]).sum(axis=(1, 2))
        if bias is not None:
            out[:, k] += bias[k]
    return out


def conv2d_backward(grad_output, x, weight, stride=1, padding=0):
    grad_output, x, weight = _f(grad_output), _f(x), _f(weight)
    n, c, h, w = x.shape
    o, _, kh, kw = weight.shape
    xp = _pad(x, padding)
    gx, gw, gb = np.zeros_like(xp), np.zeros_like(weight), np.zeros(o, weight.dtype)
    for k in range(o):
        for i in range(grad_output.shape[2]):
            for j in range(grad_output.shape[3]):
                r, s = i * stride, j * stride
                for b in range(n):
                    g = grad_output[b, k, i, j]
                    gb[k] += g
                    gw[k] += g * xp[b, :, r : r + kh, s : s + kw]
                    gx[b, :, r : r + kh, s : s + kw] += g * weight[k]
    return gx[:, :, padding : padding + h, padding : padding + w], gw, gb
