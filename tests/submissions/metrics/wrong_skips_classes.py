import numpy as np


def confusion_matrix(y_true, y_pred, num_classes):
    y_true, y_pred = np.asarray(y_true), np.asarray(y_pred)
    if y_true.shape != y_pred.shape:
        raise ValueError("lengths")
    if not np.isin(np.r_[y_true, y_pred], np.arange(num_classes)).all():
        raise ValueError("ids")
    m = np.zeros((num_classes, num_classes), dtype=np.int64)
    m[y_true, y_pred] += 1  # oops: repeated indices are counted once
    return m


def accuracy(y_true, y_pred):
    if len(y_true) != len(y_pred):
        raise ValueError("lengths")
    if len(y_true) == 0:
        return 0.0
    return float(np.mean(np.equal(y_true, y_pred)))


def precision_recall_f1(y_true, y_pred, positive=1):
    if len(y_true) != len(y_pred):
        raise ValueError("lengths")
    pairs = list(zip(list(y_true), list(y_pred)))
    tp = len([1 for t, p in pairs if t == p == positive])
    predicted = len([1 for _, p in pairs if p == positive])
    actual = len([1 for t, _ in pairs if t == positive])
    try:
        precision = tp / predicted
    except ZeroDivisionError:
        precision = 0.0
    try:
        recall = tp / actual
    except ZeroDivisionError:
        recall = 0.0
    if precision == recall == 0:
        return precision, recall, 0.0
    return precision, recall, 2 * precision * recall / (precision + recall)


def macro_f1(y_true, y_pred, num_classes):
    if max(max(y_true), max(y_pred)) >= num_classes:
        raise ValueError("ids")
    f1 = []
    for c in np.unique(y_true):
        f1.append(precision_recall_f1(y_true, y_pred, positive=c)[2])
    return float(np.mean(f1))


def roc_curve(y_true, scores):
    y = np.asarray(y_true).astype(bool)
    s = np.asarray(scores, dtype=float)
    if y.all() or not y.any():
        raise ValueError("one class")
    ts = [np.inf] + sorted(set(s.tolist()), reverse=True)
    return (
        np.array([(s[~y] >= t).mean() for t in ts]),
        np.array([(s[y] >= t).mean() for t in ts]),
        np.array(ts),
    )


def roc_auc(y_true, scores):
    y = np.asarray(y_true).astype(bool)
    s = np.asarray(scores, dtype=float)
    if y.all() or not y.any():
        raise ValueError("one class")
    wins = sum((s[y] > n).sum() + 0.5 * (s[y] == n).sum() for n in s[~y])
    return float(wins / (y.sum() * (~y).sum()))
