import math
import numpy as np
from numpy.lib.stride_tricks import as_strided


def output_size(size, kernel_size, stride=1, padding=0):
    if size < 1 or kernel_size < 1 or stride < 1 or padding < 0 or kernel_size > size + 2 * padding:
        raise ValueError
    return math.floor((size + 2 * padding - kernel_size) / stride + 1)


def _f(a):
    return np.asarray(a, dtype=None if getattr(a, "dtype", None) in (np.float32, np.float64) else np.float64)


def _check(x, w, s, p):
    if not (x.ndim == w.ndim == 4) or x.shape[1] != w.shape[1]:
        raise ValueError("x must be (N, C, H, W), weight (O, C, kH, kW)")
    return output_size(x.shape[2], w.shape[2], s, p), output_size(x.shape[3], w.shape[3], s, p)


def conv2d(x, weight, bias=None, stride=1, padding=0):
    x, weight = _f(x), _f(weight)
    oh, ow = _check(x, weight, stride, padding)
    xp = np.pad(x, [(0, 0), (0, 0), (padding, padding), (padding, padding)], mode="constant")
    out = 0
    for i in range(weight.shape[2]):
        for j in range(weight.shape[3]):
            patch = xp[:, :, i:i + stride * (oh - 1) + 1:stride, j:j + stride * (ow - 1) + 1:stride]
            out = out + np.tensordot(patch, weight[:, :, i, j], axes=(1, 1))       # N, H', W', O
    if bias is not None:
        bias = _f(bias)
        if bias.shape != (weight.shape[0],):
            raise ValueError("bias")
        out = out + bias
    return out.transpose(0, 3, 1, 2)


def conv2d_backward(grad_output, x, weight, stride=1, padding=0):
    """grad_x by a full correlation of the dilated gradient with the turned kernel."""
    g, x, weight = _f(grad_output), _f(x), _f(weight)
    oh, ow = _check(x, weight, stride, padding)
    n, c, h, w = x.shape
    o, _, kh, kw = weight.shape
    if g.shape != (n, o, oh, ow):
        raise ValueError("grad_output")
    # dilate and bring to the size of stride 1
    full = np.zeros((n, o, h + 2 * padding - kh + 1, w + 2 * padding - kw + 1), dtype=g.dtype)
    full[:, :, ::stride, ::stride] = g
    turned = weight[:, :, ::-1, ::-1].swapaxes(0, 1)
    wide = np.pad(full, ((0, 0), (0, 0), (kh - 1, kh - 1), (kw - 1, kw - 1)))
    grad_padded = conv2d(wide, turned)
    grad_x = grad_padded[:, :, padding:padding + h, padding:padding + w]
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    sn, sc, sh, sw = xp.strides
    windows = as_strided(xp, (n, c, kh, kw, full.shape[2], full.shape[3]), (sn, sc, sh, sw, sh, sw), writeable=False)
    grad_weight = np.einsum("ncijhw,nohw->ocij", windows, full)
    return grad_x, grad_weight, g.sum(-1).sum(-1).sum(0)
