# plain Python: dictionaries and loops, NumPy only for the answers
import numpy as np


def _check(a, b):
    a, b = np.asarray(a), np.asarray(b)
    if a.ndim != 1 or b.ndim != 1 or len(a) != len(b):
        raise ValueError("need two 1-D arrays of the same length")
    return a.tolist(), b.tolist()


def confusion_matrix(y_true, y_pred, num_classes):
    y_true, y_pred = _check(y_true, y_pred)
    m = [[0] * num_classes for _ in range(num_classes)]
    for t, p in zip(y_true, y_pred):
        if t not in range(num_classes) or p not in range(num_classes):
            raise ValueError("class id out of range")
        m[t][p] += 1
    return np.array(m, dtype=np.int32)


def accuracy(y_true, y_pred):
    y_true, y_pred = _check(y_true, y_pred)
    if not y_true:
        return 0.0
    return sum(t == p for t, p in zip(y_true, y_pred)) / len(y_true)


def precision_recall_f1(y_true, y_pred, positive=1):
    y_true, y_pred = _check(y_true, y_pred)
    tp = fp = fn = 0
    for t, p in zip(y_true, y_pred):
        if p == positive:
            if t == positive:
                tp += 1
            else:
                fp += 1
        elif t == positive:
            fn += 1
    precision = tp / (tp + fp) if tp + fp else 0.0
    recall = tp / (tp + fn) if tp + fn else 0.0
    f1 = 2 * tp / (2 * tp + fp + fn) if tp else 0.0
    return precision, recall, f1


def macro_f1(y_true, y_pred, num_classes):
    confusion_matrix(y_true, y_pred, num_classes)  # complains about bad labels
    total = 0.0
    for k in range(num_classes):
        total += precision_recall_f1(y_true, y_pred, positive=k)[2]
    return total / num_classes


def roc_curve(y_true, scores):
    scores = np.asarray(scores)
    dtype = np.float32 if scores.dtype == np.float32 else np.float64
    y_true, scores = _check(y_true, scores.astype(dtype))
    P = sum(1 for t in y_true if t == 1)
    N = len(y_true) - P
    if P == 0 or N == 0:
        raise ValueError("only one class")
    fpr, tpr, thresholds = [], [], []
    for threshold in [float("inf"), *sorted(set(scores), reverse=True)]:
        tp = sum(1 for t, s in zip(y_true, scores) if s >= threshold and t == 1)
        fp = sum(1 for t, s in zip(y_true, scores) if s >= threshold and t != 1)
        fpr.append(fp / N)
        tpr.append(tp / P)
        thresholds.append(threshold)
    return np.array(fpr, dtype), np.array(tpr, dtype), np.array(thresholds, dtype)


def roc_auc(y_true, scores):
    y_true, scores = _check(y_true, scores)
    pos = [s for t, s in zip(y_true, scores) if t == 1]
    neg = [s for t, s in zip(y_true, scores) if t != 1]
    if not pos or not neg:
        raise ValueError("only one class")
    won = 0.0
    for p in pos:
        for n in neg:
            if p > n:
                won += 1
            elif p == n:
                won += 0.5
    return won / (len(pos) * len(neg))
