import numpy as np


def _float(a):
    a = np.asarray(a)
    if a.dtype not in (np.float32, np.float64):
        a = a.astype(np.float64)
    return a


def output_size(size, kernel_size, stride=1, padding=0):
    if kernel_size > size + 2 * padding or kernel_size < 1 or stride < 1 or padding < 0 or size < 1:
        raise ValueError("no place for the kernel")
    return len(range(0, size + 2 * padding - kernel_size + 1, stride))


def conv2d(x, weight, bias=None, stride=1, padding=0):
    x, weight = _float(x), _float(weight)
    if x.ndim != 4 or weight.ndim != 4 or x.shape[1] != weight.shape[1]:
        raise ValueError("shapes")
    n, c, h, w = x.shape
    o, _, kh, kw = weight.shape
    oh, ow = output_size(h, kh, stride, padding), output_size(w, kw, stride, padding)
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    out = np.zeros((n, o, oh, ow), dtype=x.dtype)
    if bias is not None:
        bias = _float(bias)
        if bias.shape != (o,):
            raise ValueError("bias")
        out += bias[:, None, None]
    for i in range(kh):
        for j in range(kw):
            piece = xp[:, :, i:i + oh * stride:stride, j:j + ow * stride:stride]
            out += np.einsum("nchw,oc->nohw", piece, weight[:, :, i, j])
    return out


def conv2d_backward(grad_output, x, weight, stride=1, padding=0):
    g, x, weight = _float(grad_output), _float(x), _float(weight)
    n, c, h, w = x.shape
    o, _, kh, kw = weight.shape
    oh, ow = output_size(h, kh, stride, padding), output_size(w, kw, stride, padding)
    if g.shape != (n, o, oh, ow):
        raise ValueError("grad_output")
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    grad_x, grad_w = np.zeros(xp.shape, xp.dtype), np.zeros(weight.shape, weight.dtype)
    for i in range(kh):
        for j in range(kw):
            where = np.s_[:, :, i:i + oh * stride:stride, j:j + ow * stride:stride]
            grad_x[where] += np.einsum("nohw,oc->nchw", g, weight[:, :, i, j])
            grad_w[:, :, i, j] = np.einsum("nohw,nchw->oc", g, xp[where])
    return grad_x, grad_w, g.mean(axis=(0, 2, 3))
