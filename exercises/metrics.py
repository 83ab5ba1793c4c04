"""Classification metrics: confusion matrix, precision, recall, F1, ROC and AUC

Every function takes two 1-D arrays (or lists) of one length N, the true labels first.

1. `confusion_matrix(y_true, y_pred, num_classes)` → (K, K) integers: entry [i, j] counts the samples of true class i
   that were predicted as j. Class ids are integers in 0..K−1.
2. `accuracy(y_true, y_pred)`: the fraction that is right; 0.0 if there are no samples.
3. `precision_recall_f1(y_true, y_pred, positive=1)` → three floats. A label is positive if it equals `positive`, and
   negative otherwise, so labels may be any values:

       precision = TP / (TP + FP)     recall = TP / (TP + FN)     F1 = 2 · precision · recall / (precision + recall)

   Wherever a denominator is 0 the result is 0.0.
4. `macro_f1(y_true, y_pred, num_classes)`: the mean over all K classes of each class's own F1 (that class against
   the rest). A class that never occurs has F1 = 0.0 and counts like any other.
5. `roc_curve(y_true, scores)` → `(fpr, tpr, thresholds)`. A sample is positive if y_true == 1, and it is predicted
   positive at a threshold t if its score ≥ t. The thresholds are inf and then every distinct score once, falling.
   fpr and tpr are the false positive rate FP / (FP + TN) and the true positive rate TP / (TP + FN) at each of them, so
   the curve runs from (0, 0) to (1, 1).
6. `roc_auc(y_true, scores)`: the area under that curve, which is the probability that a random positive scores
   higher than a random negative, a tie counting one half.

Single numbers are Python floats. The three arrays of `roc_curve` have the dtype of the scores: float32 stays float32,
float64 stays float64, integers become float64. These raise ValueError: arrays that are not 1-D or differ in length,
class ids that are not integers in 0..K−1, num_classes below 1, and in 5. and 6. a y_true without positives or without
negatives. No input is modified.

>>> y_true, y_pred = [1, 0, 1, 1, 0, 1], [1, 0, 0, 1, 1, 1]
>>> confusion_matrix(y_true, y_pred, 2).tolist(), precision_recall_f1(y_true, y_pred)
([[1, 1], [1, 3]], (0.75, 0.75, 0.75))
>>> fpr, tpr, thresholds = roc_curve(y_true, [0.9, 0.1, 0.4, 0.9, 0.4, 0.8])
>>> fpr.tolist(), tpr.tolist(), thresholds.tolist()
([0.0, 0.0, 0.0, 0.5, 1.0], [0.0, 0.5, 0.75, 1.0, 1.0], [inf, 0.9, 0.8, 0.4, 0.1])
"""

import numpy as np


def confusion_matrix(y_true: np.ndarray, y_pred: np.ndarray, num_classes: int) -> np.ndarray:
    """(K, K) counts, a row for each true class, a column for each predicted one."""
    # TODO
    raise NotImplementedError("confusion_matrix")


def accuracy(y_true: np.ndarray, y_pred: np.ndarray) -> float:
    """The fraction of right predictions."""
    # TODO
    raise NotImplementedError("accuracy")


def precision_recall_f1(y_true: np.ndarray, y_pred: np.ndarray, positive: int = 1) -> tuple[float, float, float]:
    """Precision, recall and F1 of the label `positive`."""
    # TODO
    raise NotImplementedError("precision_recall_f1")


def macro_f1(y_true: np.ndarray, y_pred: np.ndarray, num_classes: int) -> float:
    """The mean of the F1 of every class."""
    # TODO
    raise NotImplementedError("macro_f1")


def roc_curve(y_true: np.ndarray, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """False positive rates, true positive rates and the falling thresholds they belong to."""
    # TODO
    raise NotImplementedError("roc_curve")


def roc_auc(y_true: np.ndarray, scores: np.ndarray) -> float:
    """The area under the ROC curve."""
    # TODO
    raise NotImplementedError("roc_auc")
