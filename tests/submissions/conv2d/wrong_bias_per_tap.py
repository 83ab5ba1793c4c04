import numpy as np


def output_size(size, kernel_size, stride=1, padding=0):
    if size + 2 * padding < kernel_size:
        raise ValueError("kernel does not fit")
    return (size + 2 * padding - kernel_size) // stride + 1


def conv2d(x, weight, bias=None, stride=1, padding=0):
    x = np.asarray(x)
    weight = np.asarray(weight)
    if x.dtype.kind != "f":
        x = x.astype(float)
    if weight.dtype.kind != "f":
        weight = weight.astype(float)
    if x.shape[1] != weight.shape[1]:
        raise ValueError("channels")
    N, C, H, W = x.shape
    O, _, kH, kW = weight.shape
    H2 = output_size(H, kH, stride, padding)
    W2 = output_size(W, kW, stride, padding)
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    y = np.zeros((N, O, H2, W2), dtype=x.dtype)
    for o in range(O):
        for c in range(C):
            for i in range(kH):
                for j in range(kW):
                    y[:, o] += padded[:, c, i:i + H2 * stride:stride, j:j + W2 * stride:stride] * weight[o, c, i, j]
                    if bias is not None:
                        y[:, o] += bias[o]
    return y


def conv2d_backward(grad_output, x, weight, stride=1, padding=0):
    # TODO
    raise NotImplementedError("conv2d_backward")
