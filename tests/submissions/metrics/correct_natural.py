import numpy as np
def confusion_matrix(y_true, y_pred, num_classes):
    m = np.zeros((num_classes, num_classes), dtype=int)
    for t, p in zip(y_true, y_pred):
        m[t, p] += 1
    return m
def accuracy(y_true, y_pred):
    y_true, y_pred = np.asarray(y_true), np.asarray(y_pred)
    return float((y_true == y_pred).mean()) if y_true.size else 0.0
def precision_recall_f1(y_true, y_pred, positive=1):
    t = np.asarray(y_true) == positive
    p = np.asarray(y_pred) == positive
    tp = (t & p).sum()
    prec = tp / p.sum() if p.sum() else 0.0
    rec = tp / t.sum() if t.sum() else 0.0
    f1 = 2 * prec * rec / (prec + rec) if prec + rec else 0.0
    return prec, rec, f1
def macro_f1(y_true, y_pred, num_classes):
    return np.mean([precision_recall_f1(y_true, y_pred, c)[2] for c in range(num_classes)])
def roc_curve(y_true, scores):
    y = np.asarray(y_true) == 1
    s = np.asarray(scores)
    P, N = y.sum(), (~y).sum()
    if P == 0 or N == 0: raise ValueError("one class")
    th = np.unique(s)[::-1]
    tpr = np.array([0.0] + [(y & (s >= t)).sum() / P for t in th])
    fpr = np.array([0.0] + [(~y & (s >= t)).sum() / N for t in th])
    return fpr, tpr, np.concatenate([[np.inf], th])
def roc_auc(y_true, scores):
    y = np.asarray(y_true) == 1
    s = np.asarray(scores)
    pos, neg = s[y], s[~y]
    if len(pos) == 0 or len(neg) == 0: raise ValueError("one class")
    d = pos[:, None] - neg[None]
    return ((d > 0).sum() + 0.5 * (d == 0).sum()) / d.size
