"""Known mistakes in classification metrics."""

from grader.suite import Mistake, replace

COUNTED = "np.add.at(matrix, (rows, columns), 1)"
RIGHT = "right = np.count_nonzero(y_true == y_pred)"
ACCURACY = "return float(ratio(right, len(y_true)))"
TP = "true_positives = np.count_nonzero((y_true == positive) & (y_pred == positive))"
FP = "false_positives = np.count_nonzero((y_true != positive) & (y_pred == positive))"
FN = "false_negatives = np.count_nonzero((y_true == positive) & (y_pred != positive))"
PRECISION = "precision = ratio(true_positives, true_positives + false_positives)"
RECALL = "recall = ratio(true_positives, true_positives + false_negatives)"
F1 = "f1 = ratio(2 * precision * recall, precision + recall)"
TRIPLE = "return float(precision), float(recall), float(f1)"
HITS = "hits = np.count_nonzero((y_true == k) & (y_pred == k))"
PRECISION_K = "precision_k = ratio(hits, np.count_nonzero(y_pred == k))"
RECALL_K = "recall_k = ratio(hits, np.count_nonzero(y_true == k))"
F1_K = "f1_k = ratio(2 * precision_k * recall_k, precision_k + recall_k)"
CLASSES = "for k in range(num_classes):"
MEAN = "return float(np.mean(scores))"
POSITIVE = "is_positive = y_true == 1"
FALLING = "falling = np.unique(scores)[::-1]"
AT_LEAST = 'true_positives = len(positives) - np.searchsorted(positives, falling, side="left")'
THRESHOLDS = "thresholds = np.concatenate([[np.inf], falling]).astype(scores.dtype)"
TPR = "tpr = np.concatenate([[0], true_positives / len(positives)]).astype(scores.dtype)"
FPR = "fpr = np.concatenate([[0], false_positives / len(negatives)]).astype(scores.dtype)"
CURVE = "return fpr, tpr, thresholds"
TIED = 'below_or_tied = np.searchsorted(negatives, positives, side="right")\n    tied = below_or_tied - below\n'
WINS = "wins = below.sum() + 0.5 * tied.sum()"
AREA = "return float(wins / pairs)"


def nan(line):
    """The same line with NumPy's division: 0/0 is NaN."""
    name, _, rest = line.partition(" = ratio(")
    numerator, denominator = rest[:-1].split(", ", 1)
    return replace(line, f"{name} = np.float64({numerator}) / ({denominator})")


def error(line):
    """The same line with Python's division: 0/0 raises."""
    name, _, rest = line.partition(" = ratio(")
    numerator, denominator = rest[:-1].split(", ", 1)
    return replace(line, f"{name} = float({numerator}) / float({denominator})")


F1_IF_POSITIVE = replace(F1, "f1 = 2 * precision * recall / (precision + recall) if precision + recall > 0 else 0.0")
F1_FROM_COUNTS = replace(
    F1, "f1 = np.float64(2 * true_positives) / (2 * true_positives + false_positives + false_negatives)"
)
F1_FROM_COUNTS_RAISING = replace(
    F1, "f1 = 2.0 * int(true_positives) / int(2 * true_positives + false_positives + false_negatives)"
)
OCCURRENCES = "(np.count_nonzero(y_pred == k) + np.count_nonzero(y_true == k))"

PREDICTED_NEXT = "np.count_nonzero(y_pred == y_true + 1)"
PREDICTED_BEFORE = "np.count_nonzero(y_pred == y_true - 1)"
ALL_HITS = replace(TP, "true_positives = np.count_nonzero(y_true == y_pred)")


def errors_counted(false_positives, false_negatives):
    return [
        replace(FP, f"false_positives = np.count_nonzero({false_positives})"),
        replace(FN, f"false_negatives = np.count_nonzero({false_negatives})"),
    ]


def shifted_matrix(rows, columns):
    """The true or the predicted classes moved around by one, in the matrix and in what is read off it."""
    return [
        replace(COUNTED, f"np.add.at(matrix, ((rows + {rows}) % num_classes, (columns + {columns}) % num_classes), 1)"),
        replace("    scores = []", f"    y_true = (y_true + {rows}) % num_classes\n    scores = []"),
        replace(CLASSES, f"y_pred = (y_pred + {columns}) % num_classes\n    {CLASSES}"),
    ]


def mean_over(condition):
    """Macro F1 as the mean over the classes k that meet a condition."""
    return [
        replace("        scores.append(f1_k)", f"        if {condition}:\n            scores.append(f1_k)"),
    ]


def point_per_sample(order):
    """roc_curve with a point for each sample, in the order given."""
    return replace(
        "positives, negatives = split_scores(y_true, scores)\n    falling",
        f"""split_scores(y_true, scores)
    order = {order}
    hits = (y_true == 1)[order]
    tpr = np.concatenate([[0], np.cumsum(hits) / hits.sum()])
    fpr = np.concatenate([[0], np.cumsum(~hits) / (~hits).sum()])
    return fpr, tpr, np.concatenate([[np.inf], scores[order]])
    falling""",
    )


def area_per_sample(order):
    """roc_auc by trapezoids under the curve with a point for each sample."""
    return replace(
        AREA,
        f"""order = {order}
    hits = (y_true == 1)[order]
    tpr = np.concatenate([[0], np.cumsum(hits) / hits.sum()])
    fpr = np.concatenate([[0], np.cumsum(~hits) / (~hits).sum()])
    return float(np.sum(np.diff(fpr) * (tpr[1:] + tpr[:-1]) / 2))""",
    )


def counted(wins):
    """roc_auc from another number of wins."""
    return replace(f"{TIED}    {WINS}", f"{TIED}    wins = {wins}")


def ranked(rank_sum):
    """roc_auc from the sum of the ranks of the positives."""
    return counted(f"{rank_sum} - len(positives) * (len(positives) + 1) / 2")


STABLE = "np.argsort(-scores, kind='stable')"
REVERSED = "np.argsort(scores, kind='stable')[::-1]"

# Who is positive, if not y_true == 1; the rates divide by the number of positives and negatives so counted.
POSITIVES = ["y_true != 0", "y_true > 0", "y_true == y_true.max()", "y_true != -1"]

MISTAKES = [
    Mistake(
        "precision_recall_swapped",
        "Precision and recall are swapped",
        """Precision asks how many of the samples *predicted* positive are positive, recall how many of the *positive*
        ones were found. Both have the true positives above the line; below it precision has the predicted positives, TP
        + FP, and recall the real ones, TP + FN. F1 hides the mistake, because it treats the two alike.""",
        replace(TRIPLE, "return float(recall), float(precision), float(f1)"),
        formula=r"P = \frac{TP}{TP + FP}, \quad R = \frac{TP}{TP + FN}",
    ),
    Mistake(
        "matrix_transposed",
        "The confusion matrix is transposed",
        """The rows belong to the true classes and the columns to the predicted ones: entry [i, j] counts samples of
        class i that were called j. Transposed, the diagonal and so the accuracy stay the same, but what reads precision
        and recall off the columns and rows gets them the wrong way round. The sum of row i is the number of samples of
        class i.""",
        replace(COUNTED, "np.add.at(matrix, (columns, rows), 1)"),
    ),
    Mistake(
        "repeated_indices_counted_once",
        "Samples that share an entry of the matrix are counted once",
        """matrix[y_true, y_pred] += 1 reads all the entries, adds one to each and writes them back: an index that
        occurs many times is written many times with the same 1, so the matrix holds only zeros and ones. np.add.at adds
        as often as the index occurs, and so do np.bincount and a loop. The entries must sum to the number of
        samples.""",
        replace(COUNTED, "matrix[rows, columns] += 1"),
        replace(COUNTED, "matrix[columns, rows] += 1"),
    ),
    Mistake(
        "labels_shifted_by_one",
        "False positives and negatives are found by shifting labels by one, y ± 1",
        """y_pred == y_true + 1 is true where the prediction is one *class id* higher, whatever class that is. With the
        labels 0 and 1 this happens to be a false positive; with more classes, or another positive label, it has nothing
        to do with one. A false positive is predicted positive without being it, and a false negative the other way
        round: compare both labels with `positive`. Neither do class ids need shifting to index a matrix: they begin at
        0.""",
        # all right predictions for true positives, as in print
        [ALL_HITS, *errors_counted("y_pred == y_true + 1", "y_pred == y_true - 1")],
        [ALL_HITS, *errors_counted("y_pred == y_true - 1", "y_pred == y_true + 1")],
        errors_counted("y_pred == y_true + 1", "y_pred == y_true - 1"),
        errors_counted("y_pred == y_true - 1", "y_pred == y_true + 1"),
        # the label beside the positive one
        errors_counted(
            "(y_true == positive - 1) & (y_pred == positive)", "(y_true == positive) & (y_pred == positive - 1)"
        ),
        errors_counted(
            "(y_true == positive + 1) & (y_pred == positive)", "(y_true == positive) & (y_pred == positive + 1)"
        ),
        errors_counted(
            "(y_true == positive - 1) & (y_pred == positive)", "(y_true == positive) & (y_pred == positive + 1)"
        ),
        errors_counted(
            "(y_true == positive + 1) & (y_pred == positive)", "(y_true == positive) & (y_pred == positive - 1)"
        ),
        errors_counted(
            "(y_pred == positive) & (y_pred == y_true + 1)", "(y_true == positive) & (y_pred == y_true - 1)"
        ),
        # the positive label itself
        [
            replace(TP, "positive = positive - 1\n    " + TP),
        ],
        [
            replace(TP, "positive = positive + 1\n    " + TP),
        ],
        # classes numbered from 1
        replace(COUNTED, "np.add.at(matrix, (rows - 1, columns - 1), 1)"),
        replace(COUNTED, "np.add.at(matrix, ((rows + 1) % num_classes, (columns + 1) % num_classes), 1)"),
        replace(COUNTED, "np.add.at(matrix, (rows + 1, columns + 1), 1)"),
        *(shifted_matrix(rows, columns) for rows, columns in [(0, -1), (0, 1), (-1, 0), (1, 0)]),
        # only one of the two labels
        replace(RIGHT, "right = np.count_nonzero(y_true == y_pred + 1)"),
        replace(RIGHT, "right = np.count_nonzero(y_true == y_pred - 1)"),
        replace(TP, "y_pred = y_pred + 1\n    " + TP),
        replace(TP, "y_pred = y_pred - 1\n    " + TP),
        replace(TP, "y_true = y_true + 1\n    " + TP),
        replace(TP, "y_true = y_true - 1\n    " + TP),
        replace(POSITIVE, "is_positive = y_true - 1 == 1"),
        replace(CLASSES, "for k in range(1, num_classes + 1):"),
        [
            replace(
                PRECISION_K, "precision_k = ratio(hits, hits + np.count_nonzero((y_pred == k) & (y_true == k - 1)))"
            ),
            replace(RECALL_K, "recall_k = ratio(hits, hits + np.count_nonzero((y_true == k) & (y_pred == k - 1)))"),
        ],
        [
            replace(
                PRECISION_K, "precision_k = ratio(hits, hits + np.count_nonzero((y_pred == k) & (y_true == k + 1)))"
            ),
            replace(RECALL_K, "recall_k = ratio(hits, hits + np.count_nonzero((y_true == k) & (y_pred == k + 1)))"),
        ],
        formula=r"FP = \#\{\hat{y} = 1 \wedge y \ne 1\}, \quad FN = \#\{\hat{y} \ne 1 \wedge y = 1\}",
        textbook=True,
    ),
    Mistake(
        "nan_on_zero_division",
        "0/0 is NaN, or an error, instead of 0.0",
        """When nothing is predicted positive precision is 0/0; when nothing is positive recall is; and when both are 0,
        F1 is. NumPy answers NaN, which spreads into every mean it enters, and Python raises ZeroDivisionError. By
        convention the result is 0.0: look at each denominator before dividing.""",
        [nan(PRECISION), nan(RECALL), nan(F1)],
        [error(PRECISION), error(RECALL), error(F1)],
        [nan(PRECISION), nan(RECALL)],
        [nan(PRECISION), nan(RECALL), F1_IF_POSITIVE],
        [nan(PRECISION), nan(RECALL), F1_FROM_COUNTS],
        [error(PRECISION), error(RECALL)],
        nan(F1),
        error(F1),
        F1_FROM_COUNTS,
        F1_FROM_COUNTS_RAISING,
        nan(PRECISION),
        nan(RECALL),
        [nan(PRECISION), nan(F1)],
        [nan(RECALL), nan(F1)],
        [nan(PRECISION), F1_IF_POSITIVE],
        [nan(RECALL), F1_IF_POSITIVE],
        error(PRECISION),
        error(RECALL),
        [error(PRECISION), error(F1)],
        [error(RECALL), error(F1)],
        [nan(PRECISION_K), nan(RECALL_K), nan(F1_K)],
        [error(PRECISION_K), error(RECALL_K), error(F1_K)],
        [nan(PRECISION_K), nan(RECALL_K)],
        [error(PRECISION_K), error(RECALL_K)],
        nan(PRECISION_K),
        nan(RECALL_K),
        error(PRECISION_K),
        error(RECALL_K),
        nan(F1_K),
        error(F1_K),
        replace(F1_K, f"f1_k = np.float64(2 * hits) / {OCCURRENCES}"),
        replace(F1_K, f"f1_k = 2.0 * int(hits) / int({OCCURRENCES})"),
        replace(ACCURACY, "return float(np.float64(right) / len(y_true))"),
        replace(ACCURACY, "return float(right) / float(len(y_true))"),
        formula=r"\frac{0}{0} := 0",
    ),
    Mistake(
        "micro_for_macro",
        "The counts of all classes are pooled: micro F1 instead of macro F1",
        """Summed over the classes, every error is one false positive and one false negative, so that pooled precision,
        recall and F1 are all equal to the accuracy: a large class drowns the small ones. Macro F1 takes the F1 of each
        class first and then the plain mean, so that each class counts the same.""",
        replace(MEAN, "return float(np.mean(y_true == y_pred))"),
        formula=r"\text{macro } F_1 = \frac{1}{K} \sum_k F_{1,k}",
    ),
    Mistake(
        "weighted_by_support",
        "The classes are weighted by their number of samples",
        """The mean of macro F1 is a plain one: each class counts 1/K, however rare it is. Weighted by the number of
        samples of each class it is another metric ("weighted F1"), in which a rare class that is never found goes
        unnoticed.""",
        replace(MEAN, "return float(np.average(scores, weights=np.bincount(y_true, minlength=num_classes)))"),
        formula=r"\text{macro } F_1 = \frac{1}{K} \sum_k F_{1,k}",
    ),
    Mistake(
        "macro_of_mean_precision_and_recall",
        "Macro F1 is computed from the mean precision and the mean recall",
        """F1 is not linear, so the F1 of two means is not the mean of the F1s: a class with perfect precision and one
        with perfect recall, both useless, look good together. Compute the F1 of every class from its own precision and
        recall and take the mean last.""",
        [
            replace("    scores = []\n", "    scores, precisions, recalls = [], [], []\n"),
            replace("scores.append(f1_k)", "precisions.append(precision_k)\n        recalls.append(recall_k)"),
            replace(
                MEAN,
                "p, r = np.mean(precisions), np.mean(recalls)\n    return float(ratio(2 * p * r, p + r))",
            ),
        ],
        formula=r"\frac{1}{K} \sum_k \frac{2 P_k R_k}{P_k + R_k} \ne \frac{2 \bar{P} \bar{R}}{\bar{P} + \bar{R}}",
    ),
    Mistake(
        "arithmetic_mean_for_f1",
        "F1 is the arithmetic mean of precision and recall",
        """F1 is the *harmonic* mean, which lies near the smaller of the two. The arithmetic mean rewards extremes:
        calling everything positive has recall 1 and hardly any precision, and still a mean above ½. Where precision and
        recall are equal the two means agree, so test with different ones.""",
        replace(F1, "f1 = (precision + recall) / 2"),
        replace(F1_K, "f1_k = (precision_k + recall_k) / 2"),
        [replace(F1, "f1 = (precision + recall) / 2"), replace(F1_K, "f1_k = (precision_k + recall_k) / 2")],
        replace(F1, "f1 = (precision + recall) / 2 if precision + recall and precision * recall else 0.0"),
        replace(F1_K, "f1_k = (precision_k + recall_k) / 2 if precision_k * recall_k else 0.0"),
        formula=r"F_1 = \frac{2 P R}{P + R}",
    ),
    Mistake(
        "f1_without_factor",
        "F1 lacks its factor 2",
        """P·R / (P + R) is at most ½, so a perfect classifier would have an F1 of one half. The harmonic mean of two
        numbers is twice their product over their sum. Check with P = R = 1.""",
        replace(F1, "f1 = ratio(precision * recall, precision + recall)"),
        replace(F1_K, "f1_k = ratio(precision_k * recall_k, precision_k + recall_k)"),
        [
            replace(F1, "f1 = ratio(precision * recall, precision + recall)"),
            replace(F1_K, "f1_k = ratio(precision_k * recall_k, precision_k + recall_k)"),
        ],
        formula=r"F_1 = \frac{2 P R}{P + R}",
    ),
    Mistake(
        "absent_class_skipped",
        "Classes that do not occur are left out of the mean",
        """The mean of macro F1 runs over all num_classes classes. Looping over np.unique(y_true), or leaving out
        classes with 0/0 (np.nanmean), drops those that do not occur and those that were never found, and makes the mean
        larger: the worse a class does, the less it would count. Such a class has F1 = 0.0 and counts like any
        other.""",
        mean_over("np.any(y_true == k) or np.any(y_pred == k)"),
        mean_over("np.any(y_true == k)"),
        mean_over("np.any(y_pred == k)"),
        mean_over("np.any(y_true == k) and np.any(y_pred == k)"),
        mean_over("f1_k > 0"),
        replace(MEAN, "return float(np.sum(scores) / len(np.unique(y_true)))"),
        replace(CLASSES, "for k in range(max(y_true.max(), y_pred.max()) + 1):"),
        replace(CLASSES, "for k in range(y_true.max() + 1):"),
        formula=r"\text{macro } F_1 = \frac{1}{K} \sum_{k=0}^{K-1} F_{1,k}",
    ),
    Mistake(
        "class_zero_skipped",
        "Class 0 is left out of the mean",
        """Class 0 is a class like the others, not a background: the loop over the classes runs from 0 to num_classes −
        1. Left out, its F1 is missing from the mean.""",
        replace(CLASSES, "for k in range(1, num_classes):"),
    ),
    Mistake(
        "positive_ignored",
        "The argument `positive` is ignored",
        """Precision and recall are always those of label 1, whatever `positive` says. Compare the labels with the
        argument: y_true == positive.""",
        replace(TP, "positive = 1\n    " + TP),
    ),
    Mistake(
        "positives_not_ones",
        "Who is positive is not decided by the one right label",
        """A sample is positive if its label equals 1 (or `positive`), and negative otherwise. Taken as truth values, −1
        and 2 are positive as well; summed up, they count −1 and 2 times. Make one boolean array, y_true == 1, and use
        it and its negation everywhere.""",
        *[replace(POSITIVE, f"is_positive = {condition}") for condition in POSITIVES],
        # labels added up instead of counted
        [
            replace(FALLING, FALLING + "\n    reached = scores[None, :] >= falling[:, None]"),
            replace(TPR, "tpr = np.concatenate([[0], (reached * y_true).sum(axis=1) / y_true.sum()])"),
            replace(FPR, "fpr = np.concatenate([[0], (reached * (1 - y_true)).sum(axis=1) / (1 - y_true).sum()])"),
        ],
        [
            replace(FALLING, FALLING + "\n    reached = scores[None, :] >= falling[:, None]"),
            replace(TPR, "tpr = np.concatenate([[0], (reached & (y_true == 1)).sum(axis=1) / np.sum(y_true == 1)])"),
            replace(FPR, "fpr = np.concatenate([[0], (reached & (y_true == 0)).sum(axis=1) / np.sum(y_true == 0)])"),
        ],
        replace(
            "return np.sort(scores[is_positive]), np.sort(scores[~is_positive])",
            "return np.sort(scores[is_positive]), np.sort(scores[y_true == 0])",
        ),
    ),
    Mistake(
        "ties_counted_whole",
        "In the AUC a tie counts as a whole win",
        """A positive and a negative with the same score are not told apart: such a pair counts one half. With `>=`, or
        with rectangles under the curve that take the height at their right end, it counts as a win, and a constant
        score, as good as chance, has an AUC of 1. Use ½ for ties, or trapezoids.""",
        counted("below_or_tied.sum()"),
        ranked("below_or_tied.sum() + np.searchsorted(positives, positives, side='right').sum()"),
        formula=r"\text{AUC} = P(s_+ > s_-) + \tfrac{1}{2} P(s_+ = s_-)",
    ),
    Mistake(
        "ties_not_counted",
        "In the AUC a tie counts nothing",
        """A positive and a negative with the same score are not told apart: such a pair counts one half. With `>`
        alone, or with rectangles under the curve that take the height at their left end, it counts as a loss, and a
        constant score, as good as chance, has an AUC of 0.""",
        counted("below.sum()"),
        ranked("below.sum() + np.searchsorted(positives, positives, side='left').sum() + len(positives)"),
        # only pairs without a tie are counted
        [counted("below.sum()"), replace(AREA, "return float(ratio(wins, pairs - tied.sum()))")],
        formula=r"\text{AUC} = P(s_+ > s_-) + \tfrac{1}{2} P(s_+ = s_-)",
    ),
    Mistake(
        "point_per_sample",
        "Samples with equal scores are taken one after the other",
        """One point a sample lets the curve depend on the order in which samples with equal scores happen to stand:
        sorted the other way round, the same predictions have another curve and another area. No threshold lies between
        equal scores, so they enter together: one point for each distinct score.""",
        point_per_sample(STABLE),
        point_per_sample(REVERSED),
        area_per_sample(STABLE),
        area_per_sample(REVERSED),
        [point_per_sample(STABLE), area_per_sample(STABLE)],
        [point_per_sample(REVERSED), area_per_sample(REVERSED)],
    ),
    Mistake(
        "thresholds_rising",
        "The thresholds rise instead of falling",
        """The curve runs from (0, 0), where nothing is predicted positive, to (1, 1), where everything is. So the first
        threshold is inf and the others fall: np.unique sorts them the other way and has to be reversed, together with
        the rates that belong to them.""",
        replace(CURVE, "return fpr[::-1], tpr[::-1], thresholds[::-1]"),
        replace(FALLING, "falling = np.unique(scores)"),
        replace(CURVE, "return fpr, tpr, thresholds[::-1]"),
        replace(THRESHOLDS, "thresholds = np.concatenate([[np.inf], falling[::-1]])"),
        [
            replace(FALLING, "falling = np.unique(scores)"),
            replace(THRESHOLDS, "thresholds = np.concatenate([falling, [np.inf]])"),
            replace(TPR, "tpr = np.concatenate([true_positives / len(positives), [0]])"),
            replace(FPR, "fpr = np.concatenate([false_positives / len(negatives), [0]])"),
        ],
        [
            replace(FALLING, "falling = np.unique(scores)"),
            replace(THRESHOLDS, "thresholds = np.concatenate([[-np.inf], falling])"),
        ],
        [
            replace(FALLING, "falling = np.unique(scores)"),
            replace(THRESHOLDS, "thresholds = np.concatenate([[-np.inf], falling])"),
            replace(TPR, "tpr = np.concatenate([[1], true_positives / len(positives)])"),
            replace(FPR, "fpr = np.concatenate([[1], false_positives / len(negatives)])"),
        ],
        [
            replace(FALLING, "falling = np.unique(scores)"),
            replace(THRESHOLDS, "thresholds = np.concatenate([falling, [np.inf]])"),
        ],
    ),
    Mistake(
        "curve_without_origin",
        "The point (0, 0) with threshold inf is missing or has another threshold",
        """The curve starts where nothing is predicted positive, at (0, 0). Its threshold must lie above every score:
        inf. The highest score itself does not do, since that sample is predicted positive there; and without this point
        the area left of the first one is lost.""",
        [
            replace(THRESHOLDS, "thresholds = falling"),
            replace(TPR, "tpr = true_positives / len(positives)"),
            replace(FPR, "fpr = false_positives / len(negatives)"),
        ],
        replace(THRESHOLDS, "thresholds = np.concatenate([[falling[0] + 1], falling])"),
        replace(THRESHOLDS, "thresholds = np.concatenate([[falling[0]], falling])"),
        replace(THRESHOLDS, "thresholds = np.concatenate([[1.0], falling])"),
    ),
    Mistake(
        "strictly_above_threshold",
        "Only scores strictly above the threshold are predicted positive",
        """A sample is predicted positive at threshold t if its score is at least t, so the sample with the highest
        score is at the highest threshold. With `>` every point belongs to the next threshold, the curve never reaches
        (1, 1), and stands twice at (0, 0).""",
        [
            replace(AT_LEAST, AT_LEAST.replace("left", "right")),
            replace(
                'false_positives = len(negatives) - np.searchsorted(negatives, falling, side="left")',
                'false_positives = len(negatives) - np.searchsorted(negatives, falling, side="right")',
            ),
        ],
    ),
    Mistake(
        "fpr_and_tpr_swapped",
        "The false and the true positive rate are swapped",
        """The false positive rate is the share of the *negatives* that is predicted positive and comes first (the x
        axis), the true positive rate that of the positives. Swapped, the curve is mirrored at the diagonal and the area
        is 1 − AUC.""",
        replace(CURVE, "return tpr, fpr, thresholds"),
        formula=r"\text{FPR} = \frac{FP}{FP + TN}, \quad \text{TPR} = \frac{TP}{TP + FN}",
    ),
    Mistake(
        "rates_of_all_samples",
        "The rates are divided by the number of all samples",
        """The true positive rate is a share of the positives and the false positive rate one of the negatives: each has
        its own denominator, and both end at 1. Divided by all samples they end at the share of the class.""",
        [
            replace(TPR, "tpr = np.concatenate([[0], true_positives / len(scores)])"),
            replace(FPR, "fpr = np.concatenate([[0], false_positives / len(scores)])"),
        ],
        formula=r"\text{FPR} = \frac{FP}{FP + TN}, \quad \text{TPR} = \frac{TP}{TP + FN}",
    ),
    Mistake(
        "auc_below_for_above",
        "The AUC is 1 minus the right one, or negative",
        """The AUC is the probability that a positive scores *higher* than a negative. Sorted the wrong way, or with the
        labels swapped, it is the probability of the opposite; and integrated along a curve that runs from (1, 1) to (0,
        0) the area is negative. A classifier better than chance lies above ½.""",
        replace(AREA, "return 1.0 - float(wins / pairs)"),
        replace(AREA, "return -float(wins / pairs)"),
    ),
    Mistake(
        "accuracy_not_a_fraction",
        "The accuracy is a count or a percentage",
        """Accuracy is the fraction of right predictions, between 0 and 1: the number of right ones divided by the
        number of samples, not that number itself, and not percent.""",
        replace(ACCURACY, "return float(right)"),
        replace(ACCURACY, "return float(100 * ratio(right, len(y_true)))"),
    ),
    Mistake(
        "modified_in_place",
        "An input is modified in place",
        """`scores.sort()` and assignments into the argument change the array of the caller, whose labels and scores
        then no longer belong together. np.sort and np.argsort leave it alone.""",
        replace(CURVE, "scores[...] = np.sort(scores)[::-1]\n    return fpr, tpr, thresholds"),
        replace(AREA, "scores[...] = np.sort(scores)\n    return float(wins / pairs)"),
    ),
    Mistake(
        "roc_on_a_grid",
        "The ROC curve has its points on a fixed grid of thresholds",
        """A curve changes only where a threshold passes a score: the scores themselves, each once, are the thresholds
        to try. A grid such as linspace(0, 1, 101) misses changes between its points, repeats others, and does not fit
        scores outside [0, 1].""",
        *(
            [replace(FALLING, f"falling = np.linspace({ends}, {number})"), replace(CURVE, f"return {curve}")]
            for ends in ("1, 0", "scores.max(), scores.min()")
            for number in (10, 11, 50, 100, 101)
            for curve in (
                "fpr, tpr, thresholds",
                "fpr[1:], tpr[1:], thresholds[1:]",
                "fpr[:0:-1], tpr[:0:-1], thresholds[:0:-1]",
            )
        ),
    ),
    Mistake(
        "balanced_accuracy",
        "The mean of the classes' recalls is returned as accuracy",
        """That is balanced accuracy, in which every class counts alike. Accuracy counts every sample alike.""",
        replace(
            ACCURACY,
            "recalls = [np.mean(y_pred[y_true == label] == label) for label in np.unique(y_true)]\n"
            "    return float(np.mean(recalls)) if recalls else 0.0",
        ),
    ),
    Mistake(
        "divided_by_all_samples",
        "Precision or recall is divided by the number of all samples",
        """Precision asks of those predicted positive, recall of those that are positive. Divided by all samples neither
        says how often a positive is right.""",
        replace(PRECISION, "precision = ratio(true_positives, len(y_true))"),
        replace(RECALL, "recall = ratio(true_positives, len(y_true))"),
        [
            replace(PRECISION, "precision = ratio(true_positives, len(y_true))"),
            replace(RECALL, "recall = ratio(true_positives, len(y_true))"),
        ],
    ),
    Mistake(
        "specificity_for_recall",
        "The specificity is returned as recall",
        """Specificity is the share of the negatives that were found, TN / (TN + FP). Recall is that of the positives,
        TP / (TP + FN).""",
        replace(
            RECALL,
            "recall = ratio(np.count_nonzero((y_true != positive) & (y_pred != positive)), "
            "np.count_nonzero(y_true != positive))",
        ),
    ),
    Mistake(
        "another_mean_for_f1",
        "F1 is the Jaccard index or a geometric mean",
        """TP / (TP + FP + FN) is the Jaccard index, √(precision · recall) the Fowlkes–Mallows index. F1 is the harmonic
        mean of precision and recall, 2·TP / (2·TP + FP + FN).""",
        replace(F1, "f1 = ratio(true_positives, true_positives + false_positives + false_negatives)"),
        replace(F1, "f1 = (precision * recall) ** 0.5"),
        formula=r"F_1 = \frac{2 P R}{P + R}",
    ),
    Mistake(
        "one_for_nothing",
        "0/0 gives 1 instead of 0",
        """Where nothing was predicted positive, or nothing is, the result is agreed to be 0.0.""",
        replace(
            "return numerator / denominator if denominator else 0.0",
            "return numerator / denominator if denominator else 1.0",
        ),
    ),
    Mistake(
        "matrix_of_shares",
        "The confusion matrix holds shares instead of counts",
        """Entry [i, j] counts samples, as an integer. Shares of all samples, or of each row, are a matter of
        display.""",
        replace("return matrix\n", "return matrix / max(len(rows), 1)\n"),
        replace("return matrix\n", "return matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)\n"),
    ),
    Mistake(
        "f1_summed",
        "The F1 of the classes is summed, or another number is averaged in its place",
        """Macro F1 is the mean of the classes' F1, so it lies between 0 and 1. The mean of their recalls is another
        number.""",
        replace(MEAN, "return float(np.sum(scores))"),
        replace(F1_K, "f1_k = recall_k"),
        replace(F1_K, "f1_k = precision_k"),
    ),
    Mistake(
        "a_point_for_every_sample",
        "The curve has a point for every sample, also where scores are equal",
        """Samples with the same score are predicted positive together, at one threshold: every distinct score is there
        once.""",
        replace(FALLING, "falling = np.sort(scores)[::-1]"),
    ),
    Mistake(
        "gini",
        "2 · AUC − 1 is returned",
        """2·AUC − 1 is the Gini coefficient: 0 for chance, where the area under the curve is ½.""",
        replace(AREA, "return float(2 * wins / pairs - 1)"),
    ),
]
