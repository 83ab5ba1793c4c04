import numpy as np


def check(logits, targets):
    logits, targets = np.asarray(logits), np.asarray(targets)
    if logits.dtype not in (np.float32, np.float64):
        logits = logits.astype(np.float64)
    if logits.ndim != 2 or logits.shape[0] < 1 or targets.shape != (logits.shape[0],):
        raise ValueError("wrong shapes")
    if targets.dtype.kind not in "iu" or targets.min() < 0 or targets.max() > logits.shape[1] - 1:
        raise ValueError("wrong class ids")
    return logits, targets


def cross_entropy(logits, targets):
    logits, targets = check(logits, targets)
    exp = np.exp(logits - logits.max(axis=1, keepdims=True))
    softmax = exp / exp.sum(axis=1, keepdims=True)
    return -np.mean(np.log2(softmax[np.arange(len(logits)), targets]))


def cross_entropy_backward(logits, targets):
    logits, targets = check(logits, targets)
    exp = np.exp(logits - logits.max(axis=1, keepdims=True))
    softmax = exp / exp.sum(axis=1, keepdims=True)
    return (softmax - (np.arange(logits.shape[1]) == targets[:, None])) / logits.dtype.type(len(logits))
