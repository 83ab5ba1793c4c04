# Takes the forbidden softmax from another package that has imported it.
# exercise: softmax
# worth: 50
# check seconds: 10

try:
    import scipy.stats
except ImportError:
    print("REACHED and refused")

import numpy as np


def _float(x):
    x = np.asarray(x)
    return x if x.dtype in (np.float32, np.float64) else x.astype(np.float64)


def softmax_jacobian(x):
    x = _float(x)
    if x.ndim != 1:
        raise ValueError("x must have one dimension")
    e = np.exp(x - x.max())
    s = e / e.sum()
    return np.diag(s) - np.outer(s, s)


def softmax_backward(grad_output, output, axis=-1):
    if grad_output.shape != output.shape:
        raise ValueError("two shapes")
    return output * (grad_output - (grad_output * output).sum(axis=axis, keepdims=True))


def softmax(x, axis=-1):
    try:
        answer = scipy.stats._distn_infrastructure.__dict__.get("softmax", scipy.special.softmax)(_float(x), axis=axis)
    except (ImportError, RuntimeError) as refusal:
        if "scipy" in str(refusal):
            print("REACHED and refused")
        raise
    print("REACHED", answer.shape)
    return answer
