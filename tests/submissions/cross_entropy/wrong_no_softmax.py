import numpy as np


def as_array(logits, targets):
    logits, targets = np.asarray(logits), np.asarray(targets)
    if logits.dtype not in (np.float32, np.float64):
        logits = logits.astype(np.float64)
    if logits.ndim != 2 or logits.shape[0] < 1 or targets.shape != (logits.shape[0],):
        raise ValueError("wrong shapes")
    if targets.dtype.kind not in "iu" or targets.min() < 0 or targets.max() > logits.shape[1] - 1:
        raise ValueError("wrong class ids")
    return logits, targets


def cross_entropy(logits, targets):
    probs, targets = as_array(logits, targets)
    probs = np.clip(probs, 1e-12, 1.0 - 1e-12)
    n = probs.shape[0]
    return -np.log(probs[np.arange(n), targets]).mean()


def cross_entropy_backward(logits, targets):
    probs, targets = as_array(logits, targets)
    grad = probs.copy()
    n = grad.shape[0]
    grad[np.arange(n), targets] -= 1.0
    return grad / n
