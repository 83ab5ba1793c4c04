import numpy as np

def softmax(x, axis=-1):
    x = np.asarray(x, dtype=np.result_type(x, np.float32) if getattr(x, "dtype", None) == np.float32 else np.float64)
    e = np.exp(x)
    return e / np.sum(e, axis=axis, keepdims=True)

def softmax_jacobian(x):
    if np.asarray(x).ndim != 1:
        raise ValueError("x must be a vector")
    e = np.exp(x - np.max(x))
    p = e / np.sum(e)
    n = len(p)
    J = np.empty((n, n), p.dtype)
    for i in range(n):
        for j in range(n):
            if i == j:
                J[i, j] = p[i] * (1 - p[i])
            else:
                J[i, j] = -p[i] * p[j]
    return J

def softmax_backward(grad_output, output, axis=-1):
    if grad_output.shape != output.shape:
        raise ValueError("shapes")
    total = np.sum(grad_output * output)
    return output * (grad_output - total)
