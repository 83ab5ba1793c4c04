"""The hidden suite of metrics. Points: confusion matrix 16, accuracy 10, precision, recall and F1 26, macro F1 16,
ROC curve 20, AUC 12.

Labels are made from a table of counts, so that no two of the metrics happen to be equal.
"""

import numpy as np
import pytest


def labels_of(rng, counts):
    """(y_true, y_pred) in random order with counts[i][j] samples of class i predicted as j."""
    counts = np.asarray(counts)
    true, predicted = np.indices(counts.shape)
    order = rng.permutation(counts.sum())
    return np.repeat(true.ravel(), counts.ravel())[order], np.repeat(predicted.ravel(), counts.ravel())[order]


def binary(rng):
    """Labels 0 and 1 with fewer false positives than false negatives."""
    true_negatives, false_positives, false_negatives, true_positives = (
        int(rng.integers(low, low + 3)) for low in (8, 1, 4, 11)
    )
    return labels_of(rng, [[true_negatives, false_positives], [false_negatives, true_positives]])


def four_classes(rng):
    """Labels 0..3 with errors of every kind; no class is predicted as often as it occurs."""
    counts = rng.integers(1, 3, size=(4, 4)) + 3 * np.arange(4) + np.diag(rng.integers(8, 20, size=4))
    return labels_of(rng, counts)


@pytest.mark.points(9)
@pytest.mark.hint("Count each pair (true class, predicted class); the true class is the row.")
def test_confusion_matrix(agree, rng):
    """The confusion matrix has a row for each true class and a column for each predicted one."""
    agree("confusion_matrix", *four_classes(rng), 4)


@pytest.mark.points(4)
@pytest.mark.hint("The matrix is num_classes × num_classes, whatever classes occur.")
def test_confusion_matrix_of_absent_classes(agree, rng):
    """Classes that never occur have rows and columns of zeros."""
    agree("confusion_matrix", *binary(rng), 4)


@pytest.mark.points(1)
@pytest.mark.hint("With one class there is one entry, the number of samples.")
def test_confusion_matrix_of_one_class(agree, rng):
    """The confusion matrix of a single class is 1 × 1."""
    labels = np.zeros(int(rng.integers(4, 300)), dtype=np.int64)
    agree("confusion_matrix", labels, labels, 1)


@pytest.mark.points(2)
@pytest.mark.hint("A class id of num_classes has no row.")
def test_confusion_matrix_class_ids(agree, rng):
    """A class id of num_classes is refused."""
    y_true, y_pred = four_classes(rng)
    y_true[5] = 4
    agree("confusion_matrix", y_true, y_pred, 4, any_error=True)


@pytest.mark.points(8)
@pytest.mark.hint("The number of right predictions divided by the number of samples.")
def test_accuracy(agree, rng):
    """Accuracy is the fraction of right predictions."""
    agree("accuracy", *four_classes(rng))
    agree("accuracy", *[labels.tolist() for labels in binary(rng)])


@pytest.mark.points(2)
@pytest.mark.hint("There is nothing to divide by: the answer is 0.0 by definition.")
def test_accuracy_of_nothing(agree):
    """The accuracy of no samples is 0.0."""
    agree("accuracy", np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))


@pytest.mark.points(11)
@pytest.mark.hint("Precision divides by what was predicted positive, recall by what is positive.")
def test_precision_recall_f1(agree, rng):
    """Precision, recall and F1 of binary labels, in this order."""
    agree("precision_recall_f1", *binary(rng))


@pytest.mark.points(7)
@pytest.mark.hint("Every label other than `positive` is negative, whichever it is.")
@pytest.mark.parametrize("positive", [0, 2])
def test_positive_label(agree, rng, positive):
    """With positive={positive} all other labels count as negative."""
    agree("precision_recall_f1", *four_classes(rng), positive=positive)


NOTHING = {  # of which counts there are any
    "nothing is predicted positive": [[1, 0], [1, 0]],
    "nothing is positive": [[1, 1], [0, 0]],
    "no positive is found": [[1, 1], [1, 0]],
    "nothing is or is predicted positive": [[1, 0], [0, 0]],
}


@pytest.mark.points(8)
@pytest.mark.hint("Look at each of the three denominators: where one is 0 the result is 0.0, not NaN and no error.")
@pytest.mark.parametrize("case", NOTHING)
def test_zero_denominators(agree, rng, case):
    """0/0 is 0.0 when {case}."""
    agree("precision_recall_f1", *labels_of(rng, rng.integers(3, 200, size=(2, 2)) * NOTHING[case]))


@pytest.mark.points(8)
@pytest.mark.hint("Compute the F1 of each class against the rest, then take the mean of these.")
def test_macro_f1(agree, rng):
    """Macro F1 is the mean of the F1 of every class."""
    agree("macro_f1", *four_classes(rng), 4)


@pytest.mark.points(4)
@pytest.mark.hint("The mean runs over num_classes classes, also over those that never occur: their F1 is 0.")
def test_macro_f1_of_absent_classes(agree, rng):
    """A class that never occurs counts with F1 = 0."""
    agree("macro_f1", *four_classes(rng), 6)


@pytest.mark.points(4)
@pytest.mark.hint("A class that is never predicted, or only predicted, divides 0 by 0: its F1 is 0.0.")
def test_macro_f1_of_missed_classes(agree, rng):
    """A class never predicted, and one only ever predicted, have F1 = 0."""
    counts = rng.integers(1, 6, size=(4, 4)) + np.diag([4, 7, 0, 0])
    counts[:, 2] = 0
    counts[3, :] = 0
    agree("macro_f1", *labels_of(rng, counts), 4)


def scored(rng):
    """Labels and distinct scores of 5 positives and 7 negatives, in random order."""
    return rng.permutation(np.repeat([1, 0], [5, 7])), rng.permutation(40)[:12] / 8 - 2.0


def tied(rng):
    """The same with ties: two of them hold positives and negatives, two more only samples of one kind."""
    values = rng.permutation(16)[:7] / 8
    positives, negatives = values[[0, 0, 1, 2, 2, 3]], values[[0, 1, 1, 1, 4, 4, 5, 6]]
    order = rng.permutation(14)
    return np.repeat([1, 0], [6, 8])[order], np.concatenate([positives, negatives])[order]


def other_labels(rng):
    """Positives 1 and negatives 0 in the middle of the scores, negatives −1 below and 2 above; distinct scores."""
    y_true = np.concatenate([[-1, -1, -1], rng.permutation(np.repeat([0, 1], [3, 5])), [2, 2, 2, 2]])
    order = rng.permutation(15)
    return y_true[order], np.sort(rng.permutation(40)[:15] / 8)[order]


@pytest.mark.points(7)
@pytest.mark.hint(
    "Lower the threshold from inf over every score, and count the positives and negatives at or above it."
)
def test_roc_curve(agree, rng):
    """The ROC curve runs from (0, 0) at threshold inf to (1, 1), thresholds falling."""
    agree("roc_curve", *scored(rng))


@pytest.mark.points(5)
@pytest.mark.hint("Samples with equal scores pass the threshold together: one point for each distinct score.")
def test_roc_curve_ties(agree, rng):
    """Samples with equal scores share one point of the ROC curve."""
    agree("roc_curve", *tied(rng))


@pytest.mark.points(3)
@pytest.mark.hint("A sample is positive if y_true == 1 and negative otherwise, also if y_true is −1 or 2.")
def test_roc_curve_labels(agree, rng):
    """In the ROC curve every label other than 1 is negative."""
    agree("roc_curve", *other_labels(rng))


@pytest.mark.points(2)
@pytest.mark.hint("An array of integers cannot hold inf: convert the scores to float64.")
def test_roc_curve_integers(agree, rng):
    """Lists and integer scores are promoted to float64."""
    y_true, scores = tied(rng)
    agree("roc_curve", y_true.tolist(), (8 * scores).astype(np.int64).tolist())


@pytest.mark.points(2)
@pytest.mark.hint("Without positives or without negatives one of the two rates is not defined.")
@pytest.mark.parametrize("label", [0, 1])
def test_roc_curve_of_one_class(agree, rng, label):
    """The ROC curve of labels that are all {label} raises ValueError."""
    agree("roc_curve", np.full(6, label), scored(rng)[1][:6])


@pytest.mark.points(1)
@pytest.mark.hint("`scores.sort()` sorts the caller's array: np.sort makes a new one.")
@pytest.mark.reveals("modified_in_place")
def test_roc_curve_leaves_inputs_alone(agree, rng):
    """The ROC curve modifies neither labels nor scores."""
    agree("inputs_after", "roc_curve", *scored(rng))


@pytest.mark.points(4)
@pytest.mark.hint("The share of pairs (positive, negative) in which the positive has the higher score.")
def test_roc_auc(agree, rng):
    """AUC is the area under the ROC curve, also where it is worse than chance."""
    y_true, scores = scored(rng)
    agree("roc_auc", y_true, scores)
    agree("roc_auc", y_true, np.where(y_true == 1, -1.0, 1.0) * (1 + np.abs(scores)))


@pytest.mark.points(4)
@pytest.mark.hint("A pair with equal scores counts one half: the curve is a slope there, not a step.")
def test_roc_auc_ties(agree, rng):
    """In the AUC a tie counts one half."""
    agree("roc_auc", *tied(rng))


@pytest.mark.points(1)
@pytest.mark.hint("A constant score is as good as chance.")
def test_roc_auc_of_a_constant_score(agree, rng):
    """The AUC of a constant score is 0.5."""
    agree("roc_auc", scored(rng)[0], np.full(12, 0.25))


@pytest.mark.points(1)
@pytest.mark.hint("A sample is positive if y_true == 1 and negative otherwise, also if y_true is −1 or 2.")
def test_roc_auc_labels(agree, rng):
    """In the AUC every label other than 1 is negative."""
    agree("roc_auc", *other_labels(rng))


@pytest.mark.points(1)
@pytest.mark.hint("Without positives or without negatives there is no pair to compare.")
@pytest.mark.parametrize("label", [0, 1])
def test_roc_auc_of_one_class(agree, rng, label):
    """The AUC of labels that are all {label} raises ValueError."""
    agree("roc_auc", np.full(6, label), scored(rng)[1][:6])


@pytest.mark.points(1)
@pytest.mark.hint("`scores.sort()` sorts the caller's array: np.sort makes a new one.")
@pytest.mark.reveals("modified_in_place")
def test_roc_auc_leaves_inputs_alone(agree, rng):
    """The AUC modifies neither labels nor scores."""
    agree("inputs_after", "roc_auc", *scored(rng))
