"""Everything from one confusion matrix (bincount) and one sort (cumsum, trapezoids)."""
import numpy as np


def _pair(a, b):
    a, b = np.atleast_1d(np.asarray(a)), np.atleast_1d(np.asarray(b))
    if a.shape != b.shape or a.ndim > 1:
        raise ValueError(f"shapes {a.shape} and {b.shape}")
    return a, b


def _divide(a, b):
    a, b = np.asarray(a, float), np.asarray(b, float)
    return np.divide(a, b, out=np.zeros(np.broadcast(a, b).shape), where=b != 0)


def confusion_matrix(y_true, y_pred, num_classes):
    y_true, y_pred = _pair(y_true, y_pred)
    both = np.concatenate([y_true, y_pred])
    if ((both < 0) | (both >= num_classes)).any():
        raise ValueError("labels must be in [0, num_classes)")
    flat = y_true.astype(int) * num_classes + y_pred.astype(int)
    return np.bincount(flat, minlength=num_classes**2).reshape(num_classes, num_classes)


def accuracy(y_true, y_pred):
    y_true, y_pred = _pair(y_true, y_pred)
    return (y_true == y_pred).mean() if y_true.size else 0.0


def precision_recall_f1(y_true, y_pred, positive=1):
    y_true, y_pred = _pair(y_true, y_pred)
    m = confusion_matrix(y_true == positive, y_pred == positive, 2)
    p = _divide(m[1, 1], m[:, 1].sum())
    r = _divide(m[1, 1], m[1].sum())
    return float(p), float(r), float(_divide(2 * p * r, p + r))


def macro_f1(y_true, y_pred, num_classes):
    m = confusion_matrix(y_true, y_pred, num_classes)
    return _divide(2 * np.diag(m), m.sum(0) + m.sum(1)).mean()


def roc_curve(y_true, scores):
    y_true, scores = _pair(y_true, scores)
    if scores.dtype.kind != "f":
        scores = scores.astype(np.float64)
    y = y_true == 1
    if y.all() or not y.any():
        raise ValueError("ROC needs positives and negatives")
    order = np.argsort(scores)[::-1]
    s = scores[order]
    last = np.append(np.nonzero(np.diff(s))[0], len(s) - 1)
    tp = np.cumsum(y[order])[last]
    fp = 1 + last - tp
    pad = lambda a, first: np.r_[first, a].astype(s.dtype)  # noqa: E731
    return pad(fp / fp[-1], 0.0), pad(tp / tp[-1], 0.0), pad(s[last], np.inf)


def roc_auc(y_true, scores):
    fpr, tpr, _ = roc_curve(y_true, scores)
    return float(((fpr[1:] - fpr[:-1]) * (tpr[1:] + tpr[:-1])).sum() / 2)
