"""Cross-entropy by the log-sum-exp identity: log softmax(z)_k = (z_k − max z) − log Σ_j exp(z_j − max z)."""

import numpy as np


def check(logits, targets):
    """Both as arrays, the logits floating: float32 and float64 keep their dtype, anything else becomes float64."""
    logits, targets = np.asarray(logits), np.asarray(targets)
    if logits.dtype not in (np.float32, np.float64):
        logits = logits.astype(np.float64)
    if logits.ndim != 2 or len(logits) == 0:
        raise ValueError(f"logits must be (N, K) with N of at least 1, not {logits.shape}")
    if targets.shape != logits.shape[:1]:
        raise ValueError(f"targets must be of shape {logits.shape[:1]}, not {targets.shape}")
    if not np.issubdtype(targets.dtype, np.integer):
        raise ValueError(f"targets must be integers, not {targets.dtype}")
    if targets.min() < 0 or targets.max() >= logits.shape[1]:
        raise ValueError(f"targets must lie in 0..{logits.shape[1] - 1}")
    return logits, targets


def cross_entropy(logits, targets):
    logits, targets = check(logits, targets)
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_total = np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    log_probabilities = shifted - log_total
    picked = log_probabilities[np.arange(len(targets)), targets]
    return -picked.mean()


def cross_entropy_backward(logits, targets):
    logits, targets = check(logits, targets)
    largest = logits.max(axis=1, keepdims=True)
    exponentials = np.exp(logits - largest)
    probabilities = exponentials / exponentials.sum(axis=1, keepdims=True)
    one_hot = np.zeros_like(probabilities)
    one_hot[np.arange(len(targets)), targets] = 1
    difference = probabilities - one_hot
    return difference / len(targets)
