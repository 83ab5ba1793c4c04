import numpy as np


class Counts:
    """TP, FP and FN of every class, from one-hot matrices."""

    def __init__(self, y_true, y_pred, labels):
        y_true, y_pred = np.array(y_true), np.array(y_pred)
        if y_true.ndim != 1 or y_true.shape != y_pred.shape:
            raise ValueError("labels must be two vectors of one length")
        labels = np.asarray(labels)
        self.true = (y_true[:, None] == labels[None, :]).astype(np.int64)
        self.pred = (y_pred[:, None] == labels[None, :]).astype(np.int64)
        self.matrix = np.einsum("ni,nj->ij", self.true, self.pred)

    @property
    def complete(self):
        return self.true.sum() == len(self.true) and self.pred.sum() == len(self.pred)

    def precision_recall_f1(self, k):
        tp = self.matrix[k, k]
        values = []
        for all_of_them in (self.pred[:, k].sum(), self.true[:, k].sum()):
            values.append(0.0 if all_of_them == 0 else float(tp / all_of_them))
        p, r = values
        return p, r, 0.0 if tp == 0 else 2 / (1 / p + 1 / r)


def counts(y_true, y_pred, num_classes):
    c = Counts(y_true, y_pred, range(num_classes))
    if not c.complete:
        raise ValueError("class ids must lie in range(num_classes)")
    return c


def confusion_matrix(y_true, y_pred, num_classes):
    return counts(y_true, y_pred, num_classes).matrix


def accuracy(y_true, y_pred):
    y_true, y_pred = np.array(y_true), np.array(y_pred)
    if y_true.shape != y_pred.shape:
        raise ValueError("different lengths")
    return float(np.sum(y_true == y_pred) / max(len(y_true), 1))


def precision_recall_f1(y_true, y_pred, positive=1):
    return Counts(y_true, y_pred, [positive]).precision_recall_f1(0)


def macro_f1(y_true, y_pred, num_classes):
    c = counts(y_true, y_pred, num_classes)
    return sum(c.precision_recall_f1(k)[2] for k in range(num_classes)) / num_classes


def _binary(y_true, scores):
    y = np.array(y_true) == 1
    s = np.array(scores, dtype=None)
    if s.dtype not in (np.dtype("float32"), np.dtype("float64")):
        s = s.astype("float64")
    if y.shape != s.shape or y.ndim != 1:
        raise ValueError("shapes differ")
    if len(set(y.tolist())) < 2:
        raise ValueError("one class only")
    return y, s


def roc_curve(y_true, scores):
    y, s = _binary(y_true, scores)
    thresholds = np.concatenate(([np.inf], np.sort(np.unique(s))[::-1])).astype(s.dtype)
    above = s[None, :] >= thresholds[:, None]
    return above[:, ~y].mean(axis=1), above[:, y].mean(axis=1), thresholds


def roc_auc(y_true, scores):
    # Mann-Whitney U from mid-ranks
    y, s = _binary(y_true, scores)
    values, inverse, n = np.unique(s, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(n) - (n - 1) / 2)[inverse]
    p = y.sum()
    return float((ranks[y].sum() - p * (p + 1) / 2) / (p * (~y).sum()))
