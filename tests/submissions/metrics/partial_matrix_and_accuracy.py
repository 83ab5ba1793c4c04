import numpy as np


def confusion_matrix(y_true: np.ndarray, y_pred: np.ndarray, num_classes: int) -> np.ndarray:
    """(K, K) counts, a row for each true class, a column for each predicted one."""
    y_true, y_pred = np.asarray(y_true), np.asarray(y_pred)
    if y_true.shape != y_pred.shape or y_true.ndim != 1:
        raise ValueError("two 1-D arrays of one length, please")
    if y_true.size and not (0 <= min(y_true.min(), y_pred.min()) and max(y_true.max(), y_pred.max()) < num_classes):
        raise ValueError("class ids in 0..num_classes-1, please")
    one_hot = np.eye(num_classes, dtype=int)
    return one_hot[y_true].T @ one_hot[y_pred]


def accuracy(y_true: np.ndarray, y_pred: np.ndarray) -> float:
    """The fraction of right predictions."""
    y_true, y_pred = np.asarray(y_true), np.asarray(y_pred)
    if y_true.shape != y_pred.shape:
        raise ValueError("arrays of one length, please")
    return np.mean(y_true == y_pred).item() if len(y_true) else 0.0


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
