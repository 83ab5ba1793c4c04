import numpy as np


def _valid(y_true, y_pred, num_classes=None):
    y_true, y_pred = np.asarray(y_true), np.asarray(y_pred)
    if y_true.shape != y_pred.shape:
        raise ValueError("y_true and y_pred must have the same shape")
    if num_classes is not None and len(y_true):
        for y in (y_true, y_pred):
            if np.any(y < 0) or np.any(y >= num_classes):
                raise ValueError("bad class id")
    return y_true, y_pred


def safe(a, b):
    return float(a) / float(b) if b > 0 else 0.0


def confusion_matrix(y_true, y_pred, num_classes):
    y_true, y_pred = _valid(y_true, y_pred, num_classes)
    return np.array([[np.sum((y_true == i) & (y_pred == j)) for j in range(num_classes)] for i in range(num_classes)])


def accuracy(y_true, y_pred):
    y_true, y_pred = _valid(y_true, y_pred)
    return safe((y_true == y_pred).sum(), y_true.size)


def precision_recall_f1(y_true, y_pred, positive=1):
    y_true, y_pred = _valid(y_true, y_pred)
    tp = ((y_true == positive) & (y_pred == positive)).sum()
    fn = ((y_true != positive) & (y_pred == positive)).sum()
    fp = ((y_true == positive) & (y_pred != positive)).sum()
    precision = safe(tp, tp + fp)
    recall = safe(tp, tp + fn)
    return precision, recall, safe(2 * precision * recall, precision + recall)


def macro_f1(y_true, y_pred, num_classes):
    y_true, y_pred = _valid(y_true, y_pred, num_classes)
    tp = fp = fn = 0
    for k in range(num_classes):
        tp += ((y_true == k) & (y_pred == k)).sum()
        fp += ((y_true != k) & (y_pred == k)).sum()
        fn += ((y_true == k) & (y_pred != k)).sum()
    p, r = safe(tp, tp + fp), safe(tp, tp + fn)
    return safe(2 * p * r, p + r)


def roc_curve(y_true, scores):
    y_true, scores = np.asarray(y_true), np.asarray(scores).astype(np.float64)
    pos, neg = scores[y_true == 1], scores[y_true != 1]
    if pos.size * neg.size == 0:
        raise ValueError("need both classes")
    thresholds = np.hstack([np.unique(scores), np.inf])
    tpr = np.array([(pos >= t).mean() for t in thresholds])
    fpr = np.array([(neg >= t).mean() for t in thresholds])
    return fpr, tpr, thresholds


def roc_auc(y_true, scores):
    fpr, tpr, _ = roc_curve(y_true, scores)
    return float(-np.trapezoid(tpr, fpr)) if hasattr(np, "trapezoid") else float(-np.trapz(tpr, fpr))
