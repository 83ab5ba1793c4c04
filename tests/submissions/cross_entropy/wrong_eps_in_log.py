import numpy as np

EPS = 1e-12


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def check(logits, targets):
    logits = np.asarray(logits)
    if logits.dtype != np.float32:
        logits = logits.astype(np.float64)
    targets = np.asarray(targets)
    if logits.ndim != 2:
        raise ValueError("logits must be 2-D")
    N, K = logits.shape
    if N == 0 or targets.shape != (N,):
        raise ValueError("shape mismatch")
    if targets.dtype.kind not in "iu" or (targets < 0).any() or (targets >= K).any():
        raise ValueError("bad class id")
    return logits, targets


def cross_entropy(logits, targets):
    logits, targets = check(logits, targets)
    probs = softmax(logits)
    return -np.mean(np.log(probs[np.arange(len(probs)), targets] + EPS))


def cross_entropy_backward(logits, targets):
    logits, targets = check(logits, targets)
    probs = softmax(logits)
    probs[np.arange(len(probs)), targets] -= 1
    return probs / len(probs)
