import numpy as np


def log_softmax(row):
    row = row - row.max()
    return row - np.log(np.exp(row).sum())


def cross_entropy(logits, targets):
    logits = np.asarray(logits)
    if len(logits) == 0:
        raise ValueError("empty")
    if min(np.ravel(targets)) < 0 or max(np.ravel(targets)) >= logits.shape[1]:
        raise ValueError("class id out of range")
    losses = [-log_softmax(row)[t] for row, t in zip(logits, targets)]
    return sum(losses) / len(losses)


def cross_entropy_backward(logits, targets):
    logits = np.asarray(logits)
    if len(logits) == 0:
        raise ValueError("empty")
    if min(np.ravel(targets)) < 0 or max(np.ravel(targets)) >= logits.shape[1]:
        raise ValueError("class id out of range")
    grads = []
    for row, t in zip(logits, targets):
        g = np.exp(log_softmax(row))
        g[t] -= 1
        grads.append(g / len(logits))
    return np.stack(grads)
