"""Known mistakes in averaging, voting and stacking."""

from grader.suite import Mistake, define, replace

PROMOTED = "return x if x.dtype in (np.float32, np.float64) else x.astype(np.float64)"
WEIGHTS = "weights = np.full(num_models, 1 / num_models) if weights is None else np.asarray(weights, dtype=np.float64)"
DISTRIBUTIONS = "    check_distributions(probabilities)\n    weights"
NEGATIVE = '    if (probabilities < 0).any():\n        raise ValueError("a probability is negative")\n'
SUMS = "if not (off <= 1e-3).all():"
NEGATIVE_WEIGHT = "if (weights < 0).any():"
ZERO_SUM = "if not weights.sum() > 0:"
SHARES = "shares = weights / weights.sum()"
WEIGHTED = "weighted = shares[:, None, None] * probabilities"
AVERAGE = "average = weighted.sum(axis=0)"
DTYPE = "return average.astype(probabilities.dtype)"
VOTES = "votes = (predictions[:, :, None] == classes).sum(axis=0)"
WINNER = "return votes.argmax(axis=1)"
BY_SAMPLE = "by_sample = probabilities.transpose(1, 0, 2)"
FEATURES = "return by_sample.reshape(num_samples, num_models * num_classes)"

RENORMALISED = "probabilities / probabilities.sum(axis=2, keepdims=True)"
SOFTMAX = (
    "np.exp(probabilities - probabilities.max(axis=2, keepdims=True))\n"
    "    probabilities = probabilities / probabilities.sum(axis=2, keepdims=True)"
)


def unchecked(*lines):
    """The check for distributions replaced by other lines."""
    return replace(DISTRIBUTIONS, "".join(f"    {line}\n" for line in lines) + "    weights")


MISTAKES = [
    Mistake(
        "weights_not_normalised",
        "The weights are not divided by their sum",
        """Only the proportions of the weights should count: [2, 1, 1] means a half and two quarters. Used as they
        are, or only divided by the number of models, they scale the whole answer, and its rows no longer sum to one.
        Divide the weights by their sum first; weights that happen to sum to one hide the mistake.""",
        replace(SHARES, "shares = weights"),
        [replace(WEIGHTS, WEIGHTS + " / num_models"), replace(SHARES, "shares = weights")],
        replace(SHARES, "shares = weights / weights.max() if weights.max() > 1 else weights"),
        formula=r"\bar p = \frac{\sum_m w_m\, p_m}{\sum_m w_m}",
    ),
    Mistake(
        "weights_ignored",
        "The weights are not used",
        """The plain mean treats all models alike. With weights, model m contributes in proportion to its weight.""",
        replace(SHARES, "shares = np.full(num_models, 1 / num_models)"),
    ),
    Mistake(
        "weights_through_softmax",
        "The weights go through a softmax",
        """A softmax does make positive numbers with sum one of the weights, but not in their proportions: weights 1
        and 2 become 0.27 and 0.73 instead of a third and two thirds. Divide by the sum.""",
        replace(SHARES, "shares = np.exp(weights) / np.exp(weights).sum()"),
    ),
    Mistake(
        "averaged_over_samples",
        "The samples are averaged or counted, not the models",
        """In (M, N, K) axis 0 runs over the models and axis 1 over the samples. A mean over axis 1 says what each
        model gives on average to all samples, M rows, instead of what all models say about each sample, N rows. The
        same holds for votes: count each column of the predictions, not each row. Arrays with M = N hide it, all
        others have the wrong shape.""",
        [replace(WEIGHTED, "weighted = probabilities"), replace(AVERAGE, "average = weighted.mean(axis=1)")],
        replace(AVERAGE, "average = weighted.sum(axis=1)"),
        define(
            """
            def average_probabilities(probabilities, weights=None, right=average_probabilities):
                right(probabilities, weights)
                probabilities = as_float(probabilities)
                return np.average(probabilities, axis=1, weights=weights).astype(probabilities.dtype)
            """
        ),
        define(
            """
            def average_probabilities(probabilities, weights=None, right=average_probabilities):
                right(probabilities, weights)
                probabilities = as_float(probabilities)
                average = probabilities.mean(axis=1) if weights is None else right(probabilities, weights)
                return average.astype(probabilities.dtype)
            """
        ),
        replace(VOTES, "votes = (predictions[:, :, None] == classes).sum(axis=1)"),
        [
            replace(VOTES, "votes = (predictions[:, :, None] == classes).sum(axis=1)"),
            replace(AVERAGE, "average = weighted.sum(axis=1)"),
        ],
    ),
    Mistake(
        "averaged_over_classes",
        "The mean runs over the classes",
        """The mean over the classes of a row is 1/K whatever the model says. The models are on axis 0.""",
        replace(AVERAGE, "average = weighted.sum(axis=2)"),
        [replace(WEIGHTED, "weighted = probabilities"), replace(AVERAGE, "average = weighted.mean(axis=2)")],
    ),
    Mistake(
        "logits_unnoticed",
        "Scores that are no probabilities are accepted",
        """Logits of different models live on different scales, so a mean of them is ruled by the model with the
        largest numbers, and nobody notices, because it looks like an answer. Probabilities are not negative, and
        those of a row sum to one: both must be checked, since either alone lets some scores pass. Normalising them
        silently only hides what went wrong.""",
        unchecked(),
        replace(NEGATIVE, ""),
        replace(SUMS, "if False:"),
        unchecked(f"probabilities = {RENORMALISED}"),
        [replace(NEGATIVE, ""), unchecked(f"probabilities = {RENORMALISED}")],
        unchecked(f"probabilities = {SOFTMAX}"),
        unchecked(
            "off = np.abs(probabilities.sum(axis=2) - 1) > 1e-3",
            "z = np.exp(probabilities)",
            "bad = off.any() or (probabilities < 0).any()",
            "probabilities = z / z.sum(axis=2, keepdims=True) if bad else probabilities",
        ),
        unchecked(
            "total = probabilities.sum(axis=2, keepdims=True)",
            "probabilities = np.where(np.abs(total - 1) > 1e-3, probabilities / total, probabilities)",
        ),
        replace(SUMS, "if off.mean() > 1e-3:"),
        [replace(NEGATIVE, ""), replace(SUMS, "if (probabilities.sum(axis=2) > 1 + 1e-3).any():")],
        replace(SUMS, "if (probabilities.sum(axis=2) > 1 + 1e-3).any():"),
        [replace(NEGATIVE, ""), replace(SUMS, "if (probabilities < 0).any() or (probabilities > 1).any():")],
        [replace(SUMS, "if (probabilities > 1).any():")],
    ),
    Mistake(
        "sums_checked_too_strictly",
        "Rows that sum to one up to rounding are refused",
        """Probabilities that were rounded to a few digits, or computed in half precision, miss 1 by a little. The
        contract allows 0.001; np.allclose with its default tolerances allows 0.00001.""",
        replace(SUMS, "if not np.allclose(probabilities.sum(axis=2), 1):"),
        replace(SUMS, "if (off > 1e-6).any():"),
        replace(SUMS, "if (off > 0).any():"),
    ),
    Mistake(
        "weights_unchecked",
        "Impossible weights are accepted",
        """A negative weight can make probabilities negative, and weights that sum to zero make them NaN or infinite.
        Neither has a meaning, so both raise ValueError.""",
        [replace(NEGATIVE_WEIGHT, "if False:"), replace(ZERO_SUM, "if False:")],
        replace(NEGATIVE_WEIGHT, "if False:"),
        replace(ZERO_SUM, "if False:"),
        [
            replace(NEGATIVE_WEIGHT, "if False:"),
            replace(ZERO_SUM, "if weights.sum() == 0:\n        raise ZeroDivisionError\n    if False:"),
        ],
        replace(ZERO_SUM, "if weights.sum() == 0:\n        raise ZeroDivisionError\n    if False:"),
    ),
    Mistake(
        "ties_to_larger",
        "A tie goes to the larger class",
        """Where several classes have the most votes, the smaller class id wins. np.argmax takes the first of equal
        counts, which is just that, but not if the counts have been reversed; sorting by count and taking the last, or
        comparing with >=, ends at the larger one.""",
        replace(WINNER, "return num_classes - 1 - votes[:, ::-1].argmax(axis=1)"),
    ),
    Mistake(
        "ties_by_order_of_votes",
        "A tie goes to the class that was voted for first, or last",
        """Counter.most_common keeps equal counts in the order in which they were first met, so a tie depends on the
        order of the models. Count the votes by class id, and let argmax find the smallest of the best.""",
        define(
            """
            def majority_vote(predictions, num_classes):
                predictions = np.asarray(predictions)
                check_votes(predictions, num_classes)
                return np.array([max(votes, key=votes.count) for votes in predictions.T.tolist()])
            """
        ),
        define(
            """
            def majority_vote(predictions, num_classes):
                predictions = np.asarray(predictions)
                check_votes(predictions, num_classes)
                return np.array([max(votes[::-1], key=votes.count) for votes in predictions.T.tolist()])
            """
        ),
        define(
            """
            def majority_vote(predictions, num_classes):
                predictions = np.asarray(predictions)
                check_votes(predictions, num_classes)
                winners = []
                for votes in predictions.T.tolist():
                    counts = {}
                    for vote in votes:
                        counts[vote] = counts.get(vote, 0) + 1
                    winners.append(sorted(counts, key=counts.get)[-1])
                return np.array(winners)
            """
        ),
    ),
    Mistake(
        "float_labels",
        "Class ids are given as floating-point numbers",
        """A class id is an index, and a float cannot index an array: the next line of the program fails, or compares
        2.0 with 2.0000001. np.zeros makes floats unless it is told dtype=int.""",
        replace(WINNER, "return votes.argmax(axis=1).astype(np.float64)"),
        replace(WINNER, "return votes.argmax(axis=1).astype(np.float32)"),
    ),
    Mistake(
        "labels_averaged",
        "Class ids are averaged as if they were quantities",
        """The mean of class 0 and class 2 is class 1, which nobody has voted for: class ids are names, not
        quantities. Count the votes for each class instead.""",
        replace(WINNER, "return predictions.mean(axis=0)"),
        replace(WINNER, "return np.rint(predictions.mean(axis=0)).astype(int)"),
        replace(WINNER, "return predictions.mean(axis=0).astype(int)"),
        replace(WINNER, "return np.rint(predictions.mean(axis=0))"),
        replace(WINNER, "return np.median(predictions, axis=0)"),
        replace(WINNER, "return np.median(predictions, axis=0).astype(int)"),
    ),
    Mistake(
        "counts_returned",
        "The number of votes is returned instead of the class",
        """The highest count says how many models agree, not on what. argmax gives the position of the highest count,
        which is the class id; max gives the count.""",
        replace(WINNER, "return votes.max(axis=1)"),
    ),
    Mistake(
        "reshape_without_transpose",
        "The array is reshaped without bringing the samples to the front",
        """reshape only cuts the sequence of numbers into rows of another length; it moves nothing. In (M, N, K) the
        answers of one model to all samples lie together, so the rows mix different samples. Transpose to (N, M, K)
        first. The shape is right, which is why it goes unnoticed.""",
        replace(BY_SAMPLE, "by_sample = probabilities"),
        replace(FEATURES, "return probabilities.reshape(num_models * num_classes, num_samples).T"),
        replace(FEATURES, "return probabilities.reshape(num_models, num_samples * num_classes)"),
        formula=r"X_{n,\, mK + k} = p_{m,n,k}",
    ),
    Mistake(
        "classes_before_models",
        "The columns are ordered by class first, then by model",
        """The values of a row are the right ones, in another order: column k·M + m instead of m·K + k. The models
        come first, each with all its classes, so the axes before the reshape are (N, M, K).""",
        replace(BY_SAMPLE, "by_sample = probabilities.transpose(1, 2, 0)"),
    ),
    Mistake(
        "models_below_each_other",
        "The models are put below each other instead of side by side",
        """Concatenated along axis 0 the models give M·N rows of K columns: as if there were more samples. The
        second-level model needs all answers about one sample in one row, so the models belong side by side, along
        axis 1.""",
        replace(FEATURES, "return probabilities.reshape(num_models * num_samples, num_classes)"),
        replace(FEATURES, "return by_sample.reshape(num_models * num_samples, num_classes)"),
        replace(FEATURES, "return by_sample"),
    ),
    Mistake(
        "float32_promoted",
        "float32 is promoted to float64",
        """An operation on a float32 and a float64 array gives float64, and NumPy's weights, ones and fractions are
        float64 unless told otherwise. Convert the weights to the dtype of the probabilities, or the result back to
        it.""",
        replace(DTYPE, "return average"),
        replace(PROMOTED, "return x.astype(np.float64)"),
        define(
            """
            def average_probabilities(probabilities, weights=None, right=average_probabilities):
                average = right(probabilities, weights)
                return average if weights is None else average.astype(np.asarray(weights, dtype=float).dtype)
            """
        ),
    ),
    Mistake(
        "modified_in_place",
        "An input is modified in place",
        """`weights /= weights.sum()` and `probabilities *= weights` write into the arrays of the caller, whose next
        call then starts from other numbers. Write `weights = weights / weights.sum()`: it makes a new array.""",
        replace(SHARES, "weights /= weights.sum()\n    shares = weights"),
        replace(WEIGHTED, "probabilities *= shares[:, None, None]\n    weighted = probabilities"),
        [
            replace(SHARES, "weights /= weights.sum()\n    shares = weights"),
            replace(WEIGHTED, "probabilities *= shares[:, None, None]\n    weighted = probabilities"),
        ],
        replace(WINNER, "predictions.sort(axis=0)\n    " + WINNER),
    ),
    Mistake(
        "geometric_mean",
        "The logarithms are averaged",
        """The mean of log-probabilities is the logarithm of their geometric mean: a single model that gives 0 vetoes
        a class. That is an ensemble, too, but soft voting averages the probabilities themselves.""",
        [
            replace(WEIGHTED, "weighted = shares[:, None, None] * np.log(probabilities)"),
            replace(AVERAGE, "average = np.exp(weighted.sum(axis=0))"),
        ],
        [
            replace(WEIGHTED, "weighted = shares[:, None, None] * np.log(probabilities)"),
            replace(
                AVERAGE,
                "average = np.exp(weighted.sum(axis=0))\n    average = average / average.sum(axis=1, keepdims=True)",
            ),
        ],
    ),
    Mistake(
        "class_returned",
        "Class ids are returned instead of averaged probabilities",
        """average_probabilities returns (N, K): how likely each class is, on average. argmax throws that away.""",
        replace(DTYPE, "return average.argmax(axis=1)"),
    ),
    Mistake(
        "other_average",
        "The maximum or the median of the models is taken instead of their mean",
        """The maxima, or medians, of the models' probabilities do not sum to one over the classes, and do not heed the
        weights. Asked for is the weighted mean.""",
        replace(AVERAGE, "average = probabilities.max(axis=0)"),
        replace(AVERAGE, "average = np.median(probabilities, axis=0)"),
        replace(AVERAGE, "average = probabilities.min(axis=0)"),
    ),
    Mistake(
        "weights_divided_by_their_norm",
        "The weights are divided by their Euclidean norm, not by their sum",
        """Only if the weights sum to one do the averaged probabilities. Divided by √Σw² they sum to more.""",
        replace(SHARES, "shares = weights / np.linalg.norm(weights)"),
    ),
    Mistake(
        "fewest_votes",
        "The class with the fewest votes wins",
        """argmin looks for the smallest count. The majority is the largest.""",
        replace(WINNER, "return votes.argmin(axis=1)"),
    ),
    Mistake(
        "vote_one_hot",
        "The votes, or rows of zeros and a one, are returned instead of class ids",
        """majority_vote returns one class id for each sample, (N,).""",
        replace(WINNER, "return np.eye(num_classes, dtype=int)[votes.argmax(axis=1)]"),
        replace(WINNER, "return votes"),
    ),
    Mistake(
        "classes_left_out_of_stacking",
        "The second-level features do not hold all probabilities",
        """Every probability of every model is a column: M·K of them. The last class of each model follows from the
        others, and the predicted class is a summary, but the columns are counted as m·K + k.""",
        replace(FEATURES, "return by_sample[..., :-1].reshape(num_samples, -1)"),
        replace(FEATURES, "return by_sample.argmax(axis=2)"),
    ),
]
