"""Known mistakes in the cross-entropy of logits and its gradient."""

from grader.suite import Mistake, define, replace

SHIFTED = "shifted = logits - logits.max(axis=1, keepdims=True)"
LOG_TOTAL = "log_total = np.log(np.exp(shifted).sum(axis=1, keepdims=True))"
LOG_PROBABILITIES = "log_probabilities = shifted - log_total"
PICKED = "picked = log_probabilities[np.arange(len(targets)), targets]"
MEAN = "return -picked.mean()"
LARGEST = "largest = logits.max(axis=1, keepdims=True)"
DIFFERENCE = "difference = probabilities - one_hot"
DIVIDED = "return difference / len(targets)"
NORMALISED = "probabilities = exponentials / exponentials.sum(axis=1, keepdims=True)"
ONE_HOT = "one_hot[np.arange(len(targets)), targets] = 1"
SOFTMAX = "np.exp(shifted - log_total)"


def both(loss, gradient):
    """The mistake in the loss, in its gradient, and in both."""
    loss, gradient = ([edits] if not isinstance(edits, list) else edits for edits in (loss, gradient))
    return loss, gradient, [*loss, *gradient]


def log_of(probability, log="np.log"):
    """The logarithm of something computed first."""
    return replace(LOG_PROBABILITIES, f"log_probabilities = {log}({probability})")


def after_softmax(line):
    """Another softmax of the logits before a line of the reference."""
    code = "logits = np.exp(logits - logits.max(axis=1, keepdims=True))"
    return replace(line, f"{code}\n    logits = logits / logits.sum(axis=1, keepdims=True)\n    {line}")


def divided_by(factor):
    """Another base of the logarithm, in the loss and its gradient."""
    return both(
        replace(MEAN, f"return -picked.mean() / picked.dtype.type({factor})"),
        replace(DIVIDED, f"return difference / len(targets) / float({factor})"),
    )


NO_MAX = both(replace(SHIFTED, "shifted = logits"), replace(LARGEST, "largest = 0"))
NAIVE = replace(
    LOG_PROBABILITIES, "p = np.exp(logits)\n    log_probabilities = np.log(p / p.sum(axis=1, keepdims=True))"
)
SMALLEST = (
    "1e-300",
    "1e-30",
    "1e-15",
    "1e-12",
    "1e-10",
    "1e-9",
    "1e-8",
    "1e-7",
    "np.finfo(float).eps",
    "np.finfo(float).tiny",
)
ONE_HOT_LOSS = """
    def cross_entropy(logits, targets):
        logits, targets = np.asarray(logits), np.asarray(targets)
        shifted = logits - logits.max(axis=1, keepdims=True)
        log_probabilities = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        return -{picked} / len(logits)
"""
ONE_HOT_GRADIENT = """
    def cross_entropy_backward(logits, targets):
        logits, targets = np.asarray(logits), np.asarray(targets)
        exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
        probabilities = exponentials / exponentials.sum(axis=1, keepdims=True)
        return (probabilities - {one_hot}) / len(logits)
"""


MISTAKES = [
    Mistake(
        "log_of_softmax",
        "The softmax is computed first, and its logarithm after",
        """A probability of e⁻⁸⁰⁰ is rounded to 0, and its logarithm to −∞, although −800 is an ordinary number. A
        small constant inside the logarithm hides the infinity and caps the loss instead: log(10⁻¹²) is −27.6
        however wrong the model is. Write the logarithm out: log softmax(z) = z − max − log Σ exp(z − max), which
        never takes the logarithm of anything below 1.""",
        log_of(SOFTMAX),
        NAIVE,
        [NAIVE, *NO_MAX[1]],
        [NAIVE, replace("p = np.exp(logits)", "p = np.exp(logits - logits.max())")],
        *(log_of(f"np.maximum({SOFTMAX}, {smallest})") for smallest in SMALLEST),
        *(log_of(f"{SOFTMAX} + {smallest}") for smallest in ("1e-8", "1e-7", "1e-6", "1e-5")),
        formula=r"\log\operatorname{softmax}(z)_k = z_k - m - \log\sum_j e^{z_j - m}, \quad m = \max_j z_j",
    ),
    Mistake(
        "no_max_subtracted",
        "The maximum of the row is not subtracted before the exponential",
        """exp(1000) overflows to infinity and exp(−1000) vanishes, so the row's sum is infinite or 0 and the result
        NaN or infinite. Subtracting the row's maximum changes neither the softmax nor the loss, and the largest
        exponential is then exp(0) = 1. Both the loss and its gradient need it.""",
        *NO_MAX,
        formula=r"\log\sum_j e^{z_j} = m + \log\sum_j e^{z_j - m}, \quad m = \max_j z_j",
    ),
    Mistake(
        "global_max",
        "One maximum is subtracted from all rows",
        """The maximum of the whole array keeps exp from overflowing, but a row that lies far below it underflows: its
        exponentials are all 0, and so is their sum. Each row needs its own maximum, with axis=1 and keepdims=True.""",
        *both(
            replace(SHIFTED, "shifted = logits - logits.max()"),
            replace(LARGEST, "largest = logits.max()"),
        ),
    ),
    Mistake(
        "sum_instead_of_mean",
        "The losses of the samples are summed instead of averaged",
        """The loss grows with the size of the batch, and with it every gradient, so a learning rate that works for one
        batch size fails for another. Average over the N samples. A batch of one sample hides the difference.""",
        replace(MEAN, "return -picked.sum()"),
        formula=r"L = -\frac{1}{N} \sum_n \log\operatorname{softmax}(z_n)_{t_n}",
    ),
    Mistake(
        "gradient_not_averaged",
        "The gradient is not divided by N",
        """softmax(z) − onehot is the gradient of one sample's loss. The loss is the mean over N samples, so each
        sample's part of the gradient carries a factor 1/N. Compare with finite differences of your own loss: the
        gradient is N times too large.""",
        replace(DIVIDED, "return difference"),
        formula=r"\frac{\partial L}{\partial z_{nk}} = \frac{1}{N} (\operatorname{softmax}(z_n)_k - [k = t_n])",
    ),
    Mistake(
        "divided_by_classes",
        "The average runs over the classes, too",
        """Only one entry of each row counts, the target's, so the mean has N terms. Taking `.mean()` of an (N, K)
        array that is zero everywhere else divides by N·K and makes the loss or its gradient K times too small.
        Dividing by K alone is the same confusion of the two axes.""",
        *(replace(MEAN, f"return -picked.sum() / {count}") for count in ("logits.size", "logits.shape[1]")),
        *(replace(DIVIDED, f"return difference / {count}") for count in ("logits.size", "logits.shape[1]")),
        [replace(MEAN, "return -picked.sum() / logits.size"), replace(DIVIDED, "return difference / logits.size")],
    ),
    Mistake(
        "sign_flipped",
        "The sign is flipped",
        """A log-probability is never positive, so the loss needs the minus to be a cost that training can push down to
        0. The gradient is softmax − onehot: negative at the target, whose score must rise, and positive elsewhere.
        With the other sign gradient descent makes the model worse.""",
        *both(replace(MEAN, "return picked.mean()"), replace(DIFFERENCE, "difference = one_hot - probabilities")),
        replace(DIFFERENCE, "difference = probabilities + one_hot"),
    ),
    Mistake(
        "no_softmax",
        "The logits are taken for probabilities",
        """Logits are any real scores: a negative one has no logarithm, and a row of them does not sum to one. Take the
        softmax (better: its logarithm) first, even where a row happens to look like probabilities. Without it the
        loss is NaN for half of all scores and can be pushed down by raising all scores at once.""",
        *both(log_of("logits"), replace(DIFFERENCE, "difference = logits - one_hot")),
        *both(log_of("np.clip(logits, 1e-12, 1)"), replace(DIFFERENCE, "difference = -one_hot / logits")),
        [log_of("logits"), replace(DIFFERENCE, "difference = -one_hot / logits")],
        [log_of("np.clip(logits, 1e-12, 1)"), replace(DIFFERENCE, "difference = logits - one_hot")],
        replace(LOG_PROBABILITIES, "log_probabilities = logits"),
        log_of("logits / logits.sum(axis=1, keepdims=True)"),
    ),
    Mistake(
        "log_base_2",
        "The logarithm has another base than e",
        """np.log2 measures the loss in bits, np.log10 in digits: all losses are 1.44 times too large, or 0.43 times as
        large as they should be, and no longer fit the gradient softmax − onehot, which belongs to the natural
        logarithm. np.log is the one to use.""",
        *divided_by("np.log(2)"),
        *divided_by("np.log(10)"),
        *(replace(LOG_TOTAL, LOG_TOTAL.replace("np.log", log)) for log in ("np.log2", "np.log10")),
        *(log_of(SOFTMAX, log) for log in ("np.log2", "np.log10")),
    ),
    Mistake(
        "one_hot_assumed",
        "The targets are taken for one-hot rows",
        """The targets are N class ids, not an (N, K) matrix of zeros and ones. Multiplied with the log-probabilities
        they raise an error, or, with as many samples as classes, broadcast along the wrong axis without one. Pick
        the entries with log_probabilities[np.arange(N), targets], or build the one-hot rows yourself.""",
        *both(
            define(ONE_HOT_LOSS.format(picked="(targets * log_probabilities).sum()")),
            define(ONE_HOT_GRADIENT.format(one_hot="targets")),
        ),
        *(
            define(ONE_HOT_LOSS.format(picked=f"(marked := {marked}).sum() / marked.size * len(logits)"))
            for marked in ("log_probabilities[targets == 1]", "log_probabilities[targets.astype(bool)]")
        ),
        *both(
            define(
                ONE_HOT_LOSS.format(picked="log_probabilities[np.arange(len(logits)), targets.argmax(axis=1)].sum()")
            ),
            define(ONE_HOT_GRADIENT.format(one_hot="np.eye(logits.shape[1])[targets.argmax(axis=1)]")),
        ),
    ),
    Mistake(
        "softmax_twice",
        "Softmax is applied twice",
        """The function takes raw scores, and its own softmax makes them probabilities. Applied to probabilities again,
        softmax squeezes them together: with two classes no probability can exceed 0.73, so the loss never gets near
        0, and the gradient never vanishes. Apply it once.""",
        *both(after_softmax(SHIFTED), after_softmax(LARGEST)),
    ),
    Mistake(
        "modified_in_place",
        "An input is modified in place",
        """`logits -= logits.max(...)`, `np.exp(logits, out=logits)` and the like write into the array that the caller
        passed in, who then goes on with other numbers than before. Write `shifted = logits - ...` instead: it makes
        a new array.""",
        *both(
            replace(LOG_TOTAL, "logits[...] = shifted\n    " + LOG_TOTAL),
            replace(LARGEST, LARGEST + "\n    logits -= largest\n    largest = 0"),
        ),
    ),
    Mistake(
        "targets_in_every_row",
        "Every target picks a whole column: [:, targets]",
        """`logits[:, targets]` takes the columns of all targets from all rows, N·N numbers, and so mixes each sample
        with the classes of the others. One entry a row is wanted: pair each row with its own target,
        `logits[np.arange(N), targets]`.""",
        *both(replace(PICKED, "picked = log_probabilities[:, targets]"), replace(ONE_HOT, "one_hot[:, targets] = 1")),
    ),
    Mistake(
        "softmax_over_batch",
        "Softmax runs over the samples instead of the classes",
        """The scores of one sample are one row, and its probabilities sum to one over the classes, along axis 1. Along
        axis 0 the samples of a batch compete with each other, and a batch of one is always certain.""",
        *both(
            [
                replace(SHIFTED, SHIFTED.replace("axis=1", "axis=0")),
                replace(LOG_TOTAL, LOG_TOTAL.replace("axis=1", "axis=0")),
            ],
            [
                replace(LARGEST, LARGEST.replace("axis=1", "axis=0")),
                replace(NORMALISED, NORMALISED.replace("axis=1", "axis=0")),
            ],
        ),
    ),
    Mistake(
        "keepdims_forgotten",
        "A reduction drops its axis: keepdims=True is missing",
        """The maximum or the sum over the classes has shape (N,), and NumPy lines it up with the classes instead of the
        rows: with as many samples as classes the numbers are mixed up, otherwise the shapes do not fit. With
        keepdims=True it is (N, 1), and each row meets its own number.""",
        *both(
            [replace(SHIFTED, "shifted = logits - logits.max(axis=1)")],
            [replace(LARGEST, "largest = logits.max(axis=1)")],
        ),
        *both(
            [replace(LOG_TOTAL, "log_total = np.log(np.exp(shifted).sum(axis=1))")],
            [replace(NORMALISED, "probabilities = exponentials / exponentials.sum(axis=1)")],
        ),
        *both(
            [
                replace(SHIFTED, "shifted = logits - logits.max(axis=1)"),
                replace(LOG_TOTAL, "log_total = np.log(np.exp(shifted).sum(axis=1))"),
            ],
            [
                replace(LARGEST, "largest = logits.max(axis=1)"),
                replace(NORMALISED, "probabilities = exponentials / exponentials.sum(axis=1)"),
            ],
        ),
    ),
    Mistake(
        "maximum_not_added_back",
        "The logarithm of the sum lacks the maximum that was subtracted",
        """log Σ exp(z) is m + log Σ exp(z − m): what is subtracted inside the exponential is added outside the
        logarithm. Or the maximum is subtracted from the target's score as well. Here one side has it and the other has
        not.""",
        replace(LOG_PROBABILITIES, "log_probabilities = logits - log_total"),
        formula=r"\log \sum_j e^{z_j} = m + \log \sum_j e^{z_j - m}",
    ),
    Mistake(
        "one_hot_left_out",
        "The gradient is the softmax alone: nothing is subtracted at the target",
        """The gradient of −log softmax(z)[t] is softmax(z) − onehot(t). Without the −1 at the target every score is
        pushed down, the right one too, and the gradient does not depend on the targets.""",
        replace(DIFFERENCE, "difference = probabilities"),
        formula=r"\frac{\partial L}{\partial z_{nk}} = \frac1N \left(s_{nk} - [k = t_n]\right)",
    ),
    Mistake(
        "gradient_at_targets_only",
        "Only the scores of the targets get a gradient",
        """Softmax ties the scores of a sample together: when the score of another class rises, the probability of the
        target falls. So the others have the gradient softmax(z)_k, not 0.""",
        replace(DIFFERENCE, "difference = (probabilities - one_hot) * one_hot"),
        formula=r"\frac{\partial L}{\partial z_{nk}} = \frac1N \left(s_{nk} - [k = t_n]\right)",
    ),
    Mistake(
        "no_logarithm",
        "The probability of the target is used without its logarithm",
        """The loss is −log p: it grows without bound when the right class gets a probability near 0. −p, or 1 − p,
        never exceeds 1, and its gradient vanishes exactly where the model is sure and wrong.""",
        replace(MEAN, "return -np.exp(picked).mean()"),
        replace(MEAN, "return 1 - np.exp(picked).mean()"),
        formula=r"L = -\frac1N \sum_n \log p_{n, t_n}",
    ),
    Mistake(
        "every_class_a_yes_or_no",
        "The binary cross-entropy of every class is summed",
        """log(1 − p) of the classes that are not the target is the loss of K separate yes-or-no questions. With a
        softmax the probabilities compete: a large p for the target leaves little for the others, and −log p of the
        target says it all.""",
        *(
            replace(
                MEAN,
                f"p = np.exp(log_probabilities)\n    y = np.eye(p.shape[1])[targets]\n    {lines}",
            )
            for lines in (
                "return -(y * np.log(p + 1e-300) + (1 - y) * np.log(1 - p + 1e-300)).sum() / len(p)",
                "return -(y * np.log(p + 1e-300) + (1 - y) * np.log(1 - p + 1e-300)).mean()",
            )
        ),
    ),
    Mistake(
        "entropy",
        "The entropy of the probabilities is returned",
        """−Σ p log p says how undecided the model is, whatever the right class. In the cross-entropy the first factor
        is the target, 1 for the right class and 0 for the others.""",
        replace(MEAN, "return -(np.exp(log_probabilities) * log_probabilities).sum(axis=1).mean()"),
        formula=r"-\sum_k y_k \log p_k \quad\text{with the targets } y",
    ),
    Mistake(
        "gradient_in_the_probabilities",
        "The gradient is taken in the probabilities, not in the logits",
        """−1/p for the target is what arrives at the softmax; its own derivative is still to be multiplied. Together
        they give p − y, which is all there is to it.""",
        replace(DIFFERENCE, "difference = -one_hot / probabilities"),
        formula=r"\frac{\partial L}{\partial z_k} = p_k - y_k",
    ),
    Mistake(
        "derivative_of_sigmoid_too",
        "p − y is multiplied by p(1 − p), or p comes from a sigmoid",
        """p − y is the whole gradient with respect to the logits: the softmax's derivative is in it already. The factor
        p(1 − p) belongs to a squared error behind a sigmoid, and a sigmoid of each logit lets the classes not
        compete.""",
        replace(DIFFERENCE, "difference = (probabilities - one_hot) * probabilities * (1 - probabilities)"),
        replace(NORMALISED, "probabilities = 1 / (1 + np.exp(-logits))"),
        formula=r"\frac{\partial L}{\partial z_k} = p_k - y_k",
    ),
]
