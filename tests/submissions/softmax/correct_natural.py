import numpy as np
def softmax(x, axis=-1):
    x = np.asarray(x)
    if x.dtype not in (np.float32, np.float64):
        x = x.astype(float)
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
def softmax_jacobian(x):
    s = softmax(x)
    return np.diag(s) - np.outer(s, s)
def softmax_backward(grad_output, output, axis=-1):
    return output * (grad_output - np.sum(grad_output * output, axis=axis, keepdims=True))
