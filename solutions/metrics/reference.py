"""Classification metrics by counting; AUC as the Mann-Whitney statistic (Hanley and McNeil, 1982)."""

import numpy as np


def as_float(x):
    x = np.asarray(x)
    return x if x.dtype in (np.float32, np.float64) else x.astype(np.float64)


def as_pair(y_true, other):
    """Both as 1-D arrays of one length."""
    y_true, other = np.asarray(y_true), np.asarray(other)
    if y_true.ndim != 1 or y_true.shape != other.shape:
        raise ValueError(f"expected two 1-D arrays of one length, got shapes {y_true.shape} and {other.shape}")
    return y_true, other


def as_class_ids(labels, num_classes):
    if num_classes < 1:
        raise ValueError(f"num_classes must be at least 1, not {num_classes}")
    if labels.size == 0:
        return labels.astype(np.int64)
    if labels.dtype.kind not in "iub":
        raise ValueError(f"class ids must be integers, not {labels.dtype}")
    if labels.min() < 0 or labels.max() >= num_classes:
        raise ValueError(f"class ids must lie in 0..{num_classes - 1}, got {labels.min()} to {labels.max()}")
    return labels.astype(np.int64)


def split_scores(y_true, scores):
    """The sorted scores of the positives and those of the negatives."""
    is_positive = y_true == 1
    if is_positive.all() or not is_positive.any():
        raise ValueError("y_true must hold both positives and negatives")
    return np.sort(scores[is_positive]), np.sort(scores[~is_positive])


def ratio(numerator, denominator):
    """numerator / denominator, and 0 where the denominator is 0."""
    return numerator / denominator if denominator else 0.0


def confusion_matrix(y_true, y_pred, num_classes):
    y_true, y_pred = as_pair(y_true, y_pred)
    rows = as_class_ids(y_true, num_classes)
    columns = as_class_ids(y_pred, num_classes)
    matrix = np.zeros((num_classes, num_classes), dtype=np.int64)
    np.add.at(matrix, (rows, columns), 1)
    return matrix


def accuracy(y_true, y_pred):
    y_true, y_pred = as_pair(y_true, y_pred)
    right = np.count_nonzero(y_true == y_pred)
    return float(ratio(right, len(y_true)))


def precision_recall_f1(y_true, y_pred, positive=1):
    y_true, y_pred = as_pair(y_true, y_pred)
    true_positives = np.count_nonzero((y_true == positive) & (y_pred == positive))
    false_positives = np.count_nonzero((y_true != positive) & (y_pred == positive))
    false_negatives = np.count_nonzero((y_true == positive) & (y_pred != positive))
    precision = ratio(true_positives, true_positives + false_positives)
    recall = ratio(true_positives, true_positives + false_negatives)
    f1 = ratio(2 * precision * recall, precision + recall)
    return float(precision), float(recall), float(f1)


def macro_f1(y_true, y_pred, num_classes):
    y_true, y_pred = as_pair(y_true, y_pred)
    y_true = as_class_ids(y_true, num_classes)
    y_pred = as_class_ids(y_pred, num_classes)
    scores = []
    for k in range(num_classes):
        hits = np.count_nonzero((y_true == k) & (y_pred == k))
        precision_k = ratio(hits, np.count_nonzero(y_pred == k))
        recall_k = ratio(hits, np.count_nonzero(y_true == k))
        f1_k = ratio(2 * precision_k * recall_k, precision_k + recall_k)
        scores.append(f1_k)
    return float(np.mean(scores))


def roc_curve(y_true, scores):
    y_true, scores = as_pair(y_true, as_float(scores))
    positives, negatives = split_scores(y_true, scores)
    falling = np.unique(scores)[::-1]
    true_positives = len(positives) - np.searchsorted(positives, falling, side="left")
    false_positives = len(negatives) - np.searchsorted(negatives, falling, side="left")
    thresholds = np.concatenate([[np.inf], falling]).astype(scores.dtype)
    tpr = np.concatenate([[0], true_positives / len(positives)]).astype(scores.dtype)
    fpr = np.concatenate([[0], false_positives / len(negatives)]).astype(scores.dtype)
    return fpr, tpr, thresholds


def roc_auc(y_true, scores):
    y_true, scores = as_pair(y_true, as_float(scores))
    positives, negatives = split_scores(y_true, scores)
    below = np.searchsorted(negatives, positives, side="left")
    below_or_tied = np.searchsorted(negatives, positives, side="right")
    tied = below_or_tied - below
    wins = below.sum() + 0.5 * tied.sum()
    pairs = len(positives) * len(negatives)
    return float(wins / pairs)
