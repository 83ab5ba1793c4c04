import numpy as np


def check_inputs(logits, targets):
    logits = np.asarray(logits)
    targets = np.asarray(targets)
    if logits.dtype != np.float32:
        logits = logits.astype(float)
    if logits.ndim != 2 or logits.shape[0] == 0:
        raise ValueError("bad logits")
    if targets.shape != (logits.shape[0],) or not np.issubdtype(targets.dtype, np.integer):
        raise ValueError("bad targets")
    if np.any(targets < 0) or np.any(targets >= logits.shape[1]):
        raise ValueError("target out of range")
    return logits, targets


def cross_entropy(logits, targets):
    logits, targets = check_inputs(logits, targets)
    lse = np.logaddexp.reduce(logits, axis=-1)
    right = np.take_along_axis(logits, targets[:, None].astype(np.intp), axis=1)[:, 0]
    return np.mean(lse - right)


def cross_entropy_backward(logits, targets):
    logits, targets = check_inputs(logits, targets)
    n, k = logits.shape
    lse = np.logaddexp.reduce(logits, axis=-1, keepdims=True)
    grad = np.exp(logits - lse)
    np.subtract.at(grad, (np.arange(n), targets), 1)
    grad /= n
    return grad
