import numpy as np


def cross_entropy(logits, targets):
    """The mean over N of −log softmax(logits)[target], a scalar."""
    logits = np.asarray(logits)
    if logits.dtype != np.float32:
        logits = logits.astype(np.float64)
    targets = np.asarray(targets)
    if logits.ndim != 2 or logits.shape[0] == 0:
        raise ValueError("logits")
    if targets.shape != logits.shape[:1] or targets.dtype.kind not in "iu":
        raise ValueError("targets")
    if (targets < 0).any() or (targets >= logits.shape[1]).any():
        raise ValueError("targets")
    peak = logits.max(axis=1)
    log_sum = np.log(np.exp(logits - peak[:, None]).sum(axis=1)) + peak
    return (log_sum - logits[np.arange(targets.size), targets]).mean()


def cross_entropy_backward(logits, targets):
    """The gradient of the mean loss with respect to the logits, (N, K)."""
    # TODO
    raise NotImplementedError("cross_entropy_backward")
