import numpy as np


def as_f(a):
    a = np.asarray(a)
    return a if a.dtype in ("float32", "float64") else a.astype("float64")


def output_size(size, kernel_size, stride=1, padding=0):
    if kernel_size > size + 2 * padding:
        raise ValueError("kernel larger than input")
    return (size + 2 * padding - kernel_size) / stride + 1


def conv2d(x, weight, bias=None, stride=1, padding=0):
    x, weight = as_f(x), as_f(weight)
    N, C, H, W = x.shape
    O, C2, k, _ = weight.shape
    if C != C2 or k > H + 2 * padding or k > W + 2 * padding:
        raise ValueError("shape mismatch")
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    oh = (H + 2 * padding - k) // stride + 1
    ow = (W + 2 * padding - k) // stride + 1
    out = np.zeros((N, O, oh, ow), x.dtype)
    for r in range(oh):
        for c in range(ow):
            window = xp[:, None, :, r * stride:r * stride + k, c * stride:c * stride + k]
            out[:, :, r, c] = (window * weight[None]).sum(axis=(2, 3, 4))
    if bias is not None:
        out = out + as_f(bias)[None, :, None, None]
    return out


def conv2d_backward(grad_output, x, weight, stride=1, padding=0):
    g, x, weight = as_f(grad_output), as_f(x), as_f(weight)
    N, C, H, W = x.shape
    O, _, kh, kw = weight.shape
    if g.shape[2] != (H + 2 * padding - kh) // stride + 1 or g.shape[3] != (W + 2 * padding - kw) // stride + 1:
        raise ValueError("grad_output")
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    dx, dw = np.zeros_like(xp), np.zeros_like(weight)
    for r in range(g.shape[2]):
        for c in range(g.shape[3]):
            # the window of output (r, c)
            for n in range(N):
                for o in range(O):
                    dx[n, :, r:r + kh, c:c + kw] += g[n, o, r, c] * weight[o]
                    dw[o] += g[n, o, r, c] * xp[n, :, r:r + kh, c:c + kw]
    return dx[:, :, padding:padding + H, padding:padding + W], dw, g.sum(axis=(0, 2, 3))
