import numpy as np


def output_size(size, kernel_size, stride=1, padding=0):
    if min(size, kernel_size, stride) < 1 or padding < 0:
        raise ValueError("bad sizes")
    count = 0
    start = -padding
    while start + kernel_size <= size + padding:
        count += 1
        start += stride
    if count == 0:
        raise ValueError("kernel too large")
    return count


def _prepare(a):
    a = np.array(a)  # a copy
    if a.dtype != np.float32:
        a = a.astype(float)
    return a


def conv2d(x, weight, bias=None, stride=1, padding=0):
    x = _prepare(x)
    weight = _prepare(weight)
    if x.ndim != 4 or weight.ndim != 4:
        raise ValueError("need 4 dimensions")
    N, C, H, W = x.shape
    O, C2, kH, kW = weight.shape
    if C != C2:
        raise ValueError("channels")
    if bias is not None:
        bias = _prepare(bias)
        if bias.shape != (O,):
            raise ValueError("bias")
    Ho = output_size(H, kH, stride, padding)
    Wo = output_size(W, kW, stride, padding)
    out = np.zeros((N, O, Ho, Wo), dtype=x.dtype)
    for n in range(N):
        for o in range(O):
            for r in range(Ho):
                for c in range(Wo):
                    total = 0.0 if bias is None else float(bias[o])
                    for ch in range(C):
                        for i in range(kH):
                            for j in range(kW):
                                row = r * stride + i - padding
                                col = c * stride + j - padding
                                if 0 <= row < H and 0 <= col < W:
                                    total += float(x[n, ch, row, col]) * float(weight[o, ch, i, j])
                    out[n, o, r, c] = total
    return out


def conv2d_backward(grad_output, x, weight, stride=1, padding=0):
    grad_output, x, weight = _prepare(grad_output), _prepare(x), _prepare(weight)
    if x.ndim != 4 or weight.ndim != 4 or x.shape[1] != weight.shape[1]:
        raise ValueError("bad shapes")
    N, C, H, W = x.shape
    O, _, kH, kW = weight.shape
    Ho = output_size(H, kH, stride, padding)
    Wo = output_size(W, kW, stride, padding)
    if grad_output.shape != (N, O, Ho, Wo):
        raise ValueError("grad_output")
    xp = np.zeros((N, C, H + 2 * padding, W + 2 * padding), dtype=x.dtype)
    xp[:, :, padding:padding + H, padding:padding + W] = x
    gxp = np.zeros_like(xp)
    gw = np.zeros_like(weight)
    gb = np.zeros(O, dtype=weight.dtype)
    for n in range(N):
        for o in range(O):
            for r in range(Ho):
                for c in range(Wo):
                    g = grad_output[n, o, r, c]
                    gb[o] += g
                    top, left = r * stride, c * stride
                    gw[o] += g * xp[n, :, top:top + kH, left:left + kW]
                    gxp[n, :, top:top + kH, left:left + kW] += g * weight[o]
    return gxp[:, :, padding:padding + H, padding:padding + W], gw, gb
