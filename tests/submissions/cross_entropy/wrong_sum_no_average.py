import numpy as np


def log_softmax(z):
    z = z - z.max(axis=1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


def prepare(logits, targets):
    logits = np.asarray(logits)
    if logits.dtype.kind in "iub":
        logits = logits.astype(np.float64)
    targets = np.asarray(targets)
    if logits.ndim != 2 or targets.ndim != 1 or len(targets) != len(logits) or len(logits) == 0:
        raise ValueError("shapes")
    if not np.issubdtype(targets.dtype, np.integer):
        raise ValueError("ids")
    if targets.min() < 0 or targets.max() >= logits.shape[1]:
        raise ValueError("range")
    return logits, targets


def cross_entropy(logits, targets):
    logits, targets = prepare(logits, targets)
    logp = log_softmax(logits)
    loss = 0
    for n, t in enumerate(targets):
        loss -= logp[n, t]
    return loss


def cross_entropy_backward(logits, targets):
    logits, targets = prepare(logits, targets)
    grad = np.exp(log_softmax(logits))
    for n, t in enumerate(targets):
        grad[n, t] -= 1
    return grad
