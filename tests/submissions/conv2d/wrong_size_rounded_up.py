import numpy as np


def _f(*arrays):
    out = []
    for a in arrays:
        a = np.asarray(a)
        if a.dtype not in (np.float32, np.float64):
            a = a.astype(np.float64)
        out.append(a)
    return out


def output_size(size, kernel_size, stride=1, padding=0):
    total = size + 2 * padding
    if size < 1 or kernel_size < 1 or stride < 1 or padding < 0 or kernel_size > total:
        raise ValueError("bad sizes")
    return int(np.ceil((total - kernel_size) / stride)) + 1


def pad_images(x, p):
    return np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))


def validate(x, weight):
    if x.ndim != 4 or weight.ndim != 4 or x.shape[1] != weight.shape[1]:
        raise ValueError("shapes")


def conv2d(x, weight, bias=None, stride=1, padding=0):
    x, weight = _f(x, weight)
    validate(x, weight)
    n, c, h, w = x.shape
    o, _, kh, kw = weight.shape
    oh = output_size(h, kh, stride, padding)
    ow = output_size(w, kw, stride, padding)
    xp = pad_images(x, padding)
    result = np.zeros((n, o, oh, ow), dtype=x.dtype)
    for b in range(n):
        for k in range(o):
            for r in range(oh):
                for s in range(ow):
                    patch = xp[b, :, r * stride : r * stride + kh, s * stride : s * stride + kw]
                    result[b, k, r, s] = (patch * weight[k]).sum()
    if bias is not None:
        bias = np.asarray(bias)
        if bias.shape != (o,):
            raise ValueError("bias")
        result += bias.reshape(1, -1, 1, 1).astype(x.dtype)
    return result


def conv2d_backward(grad_output, x, weight, stride=1, padding=0):
    grad_output, x, weight = _f(grad_output, x, weight)
    validate(x, weight)
    n, c, h, w = x.shape
    o, _, kh, kw = weight.shape
    oh = output_size(h, kh, stride, padding)
    ow = output_size(w, kw, stride, padding)
    if grad_output.shape != (n, o, oh, ow):
        raise ValueError("grad_output")
    xp = pad_images(x, padding)
    gxp = np.zeros_like(xp)
    gw = np.zeros_like(weight)
    for b in range(n):
        for k in range(o):
            for r in range(oh):
                for s in range(ow):
                    g = grad_output[b, k, r, s]
                    rows = slice(r * stride, r * stride + kh)
                    cols = slice(s * stride, s * stride + kw)
                    gxp[b, :, rows, cols] += g * weight[k]
                    gw[k] += g * xp[b, :, rows, cols]
    gx = gxp[:, :, padding : padding + h, padding : padding + w]
    gb = grad_output.sum(axis=(0, 2, 3))
    return gx, gw, gb
