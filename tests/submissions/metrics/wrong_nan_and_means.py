import numpy as np


def confusion_matrix(y_true, y_pred, num_classes):
    if len(y_true) != len(y_pred):
        raise ValueError
    matrix = np.zeros([num_classes] * 2, int)
    for pair in zip(y_true, y_pred):
        if min(pair) < 0 or max(pair) >= num_classes:
            raise ValueError
        matrix[pair] += 1
    return matrix


def accuracy(y_true, y_pred):
    if len(y_true) != len(y_pred):
        raise ValueError
    return sum(int(a == b) for a, b in zip(y_true, y_pred)) / len(y_true)


def precision_recall_f1(y_true, y_pred, positive=1):
    if len(y_true) != len(y_pred):
        raise ValueError
    t = np.asarray(y_true) == positive
    p = np.asarray(y_pred) == positive
    tp = np.logical_and(t, p).sum()
    precision = tp / p.sum()
    recall = tp / t.sum()
    return precision, recall, (precision + recall) / 2


def macro_f1(y_true, y_pred, num_classes):
    c = confusion_matrix(y_true, y_pred, num_classes)
    tp = c.diagonal()
    precision = np.mean(tp / np.maximum(c.sum(axis=0), 1))
    recall = np.mean(tp / np.maximum(c.sum(axis=1), 1))
    return 2 * precision * recall / (precision + recall)


def roc_curve(y_true, scores):
    y_true = np.asarray(y_true)
    scores = np.asarray(scores, dtype=np.float64)
    if not 0 < np.sum(y_true == 1) < len(y_true):
        raise ValueError
    # one step for every sample, from the highest score down
    ranking = np.argsort(-scores, kind="mergesort")
    positive = (y_true == 1)[ranking]
    tps, fps = np.cumsum(positive), np.cumsum(~positive)
    return (
        np.concatenate([[0.0], fps / fps[-1]]),
        np.concatenate([[0.0], tps / tps[-1]]),
        np.concatenate([[np.inf], scores[ranking]]),
    )


def roc_auc(y_true, scores):
    y_true, scores = np.asarray(y_true), np.asarray(scores, dtype=np.float64)
    pos, neg = scores[y_true == 1], scores[y_true != 1]
    if not len(pos) or not len(neg):
        raise ValueError
    return float((pos[:, None] > neg[None, :]).mean() + (pos[:, None] == neg[None, :]).mean() / 2)
