"""Known mistakes in L1, L2 and elastic-net penalties and their gradients.

A check calls one function, so one variant may hold a mistake in all functions: it also fits a submission that
makes it in some of them.
"""

from grader.suite import Mistake, replace

AS_FLOAT = "return x if x.dtype in (np.float32, np.float64) else x.astype(np.float64)"
L1_SUM = "sum_of_magnitudes = sum(np.abs(as_float(w)).sum() for w in weights)"
L1 = "return strength * sum_of_magnitudes"
L2_SUM = "sum_of_squares = sum((as_float(w) ** 2).sum() for w in weights)"
L2 = "return strength * sum_of_squares"
L1_GRADIENT = "return [strength * np.sign(as_float(w)) for w in weights]"
L2_GRADIENT = "return [2 * strength * as_float(w) for w in weights]"
ARRAYS = "arrays = [as_float(w) for w in weights]"
NET_L1 = "l1_norm = sum(np.abs(w).sum() for w in arrays)"
NET_L2 = "squared_l2_norm = sum(np.square(w).sum() for w in arrays)"
MIXED = "mixed = l1_ratio * l1_norm + (1 - l1_ratio) * squared_l2_norm"
NET = "return strength * mixed"

SIZE = "sum(np.size(w) for w in weights)"
NORM = "np.sqrt(sum((as_float(v) ** 2).sum() for v in weights))"


def penalties(l1="", l2=""):
    """Edits of the sums, in the penalties and in the elastic net; ARRAY stands for an array of weights."""
    edits = []
    if l1:
        edits.append(replace(L1_SUM, f"sum_of_magnitudes = {l1.replace('ARRAY', 'as_float(w)')}"))
        edits.append(replace(NET_L1, f"l1_norm = {l1.replace('ARRAY', 'w')}"))
    if l2:
        edits.append(replace(L2_SUM, f"sum_of_squares = {l2.replace('ARRAY', 'as_float(w)')}"))
        edits.append(replace(NET_L2, f"squared_l2_norm = {l2.replace('ARRAY', 'w')}"))
    return edits


def gradients(l1="", l2=""):
    edits = []
    if l1:
        edits.append(replace(L1_GRADIENT, f"return {l1}"))
    if l2:
        edits.append(replace(L2_GRADIENT, f"return {l2}"))
    return edits


def sliced(part):
    """Only a part of the list of weights."""
    return [
        replace(L1_SUM, L1_SUM.replace("in weights", f"in weights{part}")),
        replace(L2_SUM, L2_SUM.replace("in weights", f"in weights{part}")),
        replace(ARRAYS, ARRAYS.replace("in weights", f"in weights{part}")),
    ]


HALF_GRADIENT = gradients(l2="[strength * as_float(w) for w in weights]")

MISTAKES = [
    Mistake(
        "gradient_without_two",
        "The gradient of the L2 penalty lacks the 2",
        """The derivative of w² is 2w. strength·w is the gradient of ½·strength·Σw², another convention: whoever
        checks the gradient by finite differences of this penalty gets twice as much. Either both formulas have the
        ½ or neither.""",
        HALF_GRADIENT,
        formula=r"\frac{\partial}{\partial w} \lambda w^2 = 2 \lambda w",
    ),
    Mistake(
        "half_in_one",
        "The penalty has a ½ that its gradient does not have",
        """½·strength·Σw² is a convention that makes the gradient strength·w. Here the penalty is strength·Σw², with
        the gradient 2·strength·w, and the elastic net mixes in the same Σw². A ½ in one place and not in the others
        means that the gradient is not the slope of the loss.""",
        [
            replace(L2, "return 0.5 * strength * sum_of_squares"),
            replace(MIXED, MIXED.replace("squared", "0.5 * squared")),
        ],
        replace(L2, "return 0.5 * strength * sum_of_squares"),
        [replace(L2, "return 0.5 * strength * sum_of_squares"), replace(NET, "return 0.5 * strength * mixed")],
        [
            replace(L1, "return 0.5 * strength * sum_of_magnitudes"),
            replace(L2, "return 0.5 * strength * sum_of_squares"),
            replace(MIXED, "mixed = l1_ratio * 0.5 * l1_norm + (1 - l1_ratio) * squared_l2_norm"),
        ],
        formula=r"L_2 = \lambda \sum w^2, \quad \frac{\partial L_2}{\partial w} = 2 \lambda w",
    ),
    Mistake(
        "half_convention",
        "The convention with ½ is followed: ½·Σw², and a gradient without the 2",
        """½·strength·Σw² with the gradient strength·w is a convention, too, and a consistent one, but the formulas of
        this exercise have no ½: with the same strength the weights decay half as fast as they should.""",
        [replace(L2, "return 0.5 * strength * sum_of_squares"), *HALF_GRADIENT],
        [
            replace(L2, "return 0.5 * strength * sum_of_squares"),
            *HALF_GRADIENT,
            replace(MIXED, MIXED.replace("squared", "0.5 * squared")),
        ],
        formula=r"L_2 = \lambda \sum w^2, \quad \frac{\partial L_2}{\partial w} = 2 \lambda w",
    ),
    Mistake(
        "mean_instead_of_sum",
        "The mean is taken instead of the sum",
        """A mean divides by the number of weights, so the same strength weighs less in a large layer than in a
        small one, and its gradient shrinks with the size of the model. The penalties are sums over every weight.""",
        [
            *penalties("sum(np.abs(ARRAY).mean() for w in weights)", "sum((ARRAY ** 2).mean() for w in weights)"),
            *gradients(
                "[strength * np.sign(as_float(w)) / np.size(w) for w in weights]",
                "[2 * strength * as_float(w) / np.size(w) for w in weights]",
            ),
        ],
        [
            *penalties(
                f"sum(np.abs(ARRAY).sum() for w in weights) / {SIZE}",
                f"sum((ARRAY ** 2).sum() for w in weights) / {SIZE}",
            ),
            *gradients(
                f"[strength * np.sign(as_float(w)) / {SIZE} for w in weights]",
                f"[2 * strength * as_float(w) / {SIZE} for w in weights]",
            ),
        ],
        penalties(
            "sum(np.abs(ARRAY).mean() for w in weights) / len(weights)",
            "sum((ARRAY ** 2).mean() for w in weights) / len(weights)",
        ),
        penalties(
            "sum(np.abs(ARRAY).sum() for w in weights) / len(weights)",
            "sum((ARRAY ** 2).sum() for w in weights) / len(weights)",
        ),
        # One part of the elastic net only.
        penalties(l1="sum(np.abs(ARRAY).mean() for w in weights)"),
        penalties(l2="sum((ARRAY ** 2).mean() for w in weights)"),
        formula=r"\lambda \sum_w |w|, \quad \lambda \sum_w w^2",
    ),
    Mistake(
        "root_of_sum",
        "The root of the sum of squares is taken",
        """√Σw² is the length of the weight vector, the L2 norm. The L2 penalty is its square: Σw². With the root
        the gradient keeps its length however small the weights are, and it is not defined at 0.""",
        [
            *penalties(l2="np.sqrt(sum((ARRAY ** 2).sum() for w in weights))"),
            *gradients(l2=f"[strength * as_float(w) / {NORM} for w in weights]"),
        ],
        [
            *penalties(l2="sum(np.sqrt((ARRAY ** 2).sum()) for w in weights)"),
            *gradients(l2="[strength * as_float(w) / np.sqrt((as_float(w) ** 2).sum()) for w in weights]"),
        ],
        formula=r"\lambda \sum w^2 = \lambda \lVert w \rVert^2 \ne \lambda \lVert w \rVert",
    ),
    Mistake(
        "l1_gradient_not_zero_at_zero",
        "The gradient of the L1 penalty is not 0 where a weight is 0",
        """|w| has a kink at 0, and 0 is the slope agreed on there: a weight that the penalty has brought to 0 stays
        where it is. w ≥ 0 counts zeros as positive and pushes them away again, w > 0 counts them as negative, and
        w/|w| is 0/0. np.sign gives −1, 0 and 1.""",
        gradients("[strength * np.where(as_float(w) >= 0, 1, -1).astype(as_float(w).dtype) for w in weights]"),
        gradients("[strength * np.where(as_float(w) > 0, 1, -1).astype(as_float(w).dtype) for w in weights]"),
        gradients("[strength * as_float(w) / np.abs(as_float(w)) for w in weights]"),
        formula=r"\mathrm{sign}(0) = 0",
    ),
    Mistake(
        "abs_missing",
        "The magnitudes are missing: the weights themselves are summed",
        """Without |·| positive and negative weights cancel, and large negative weights are even rewarded: the
        penalty can fall below zero. Take np.abs of every element before the sum; the magnitude of the sum is too
        late. The gradient is then the sign of each weight, not the same number for all.""",
        [
            *penalties("sum(ARRAY.sum() for w in weights)"),
            *gradients("[strength * np.ones_like(as_float(w)) for w in weights]"),
        ],
        penalties("sum(np.abs(ARRAY.sum()) for w in weights)"),
        penalties("abs(sum(ARRAY.sum() for w in weights))"),
        formula=r"\lambda \sum_w |w|",
    ),
    Mistake(
        "first_array_only",
        "Only one array of the list counts",
        """A network has many weight arrays, and `weights` is the list of all of them. A return inside the loop, or
        weights[0], ends after the first one; an assignment in the loop instead of += keeps only the last. Add up
        over all arrays, and return one gradient for each.""",
        [
            *sliced("[:1]"),
            *gradients(
                "[strength * np.sign(as_float(w)) for w in weights[:1]]",
                "[2 * strength * as_float(w) for w in weights[:1]]",
            ),
        ],
        [
            *sliced("[:1]"),
            *gradients("strength * np.sign(as_float(weights[0]))", "2 * strength * as_float(weights[0])"),
        ],
        [
            *sliced("[-1:]"),
            *gradients(
                "[strength * np.sign(as_float(w)) for w in weights[-1:]]",
                "[2 * strength * as_float(w) for w in weights[-1:]]",
            ),
        ],
        [
            *sliced("[-1:]"),
            *gradients("strength * np.sign(as_float(weights[-1]))", "2 * strength * as_float(weights[-1])"),
        ],
        # One part of the elastic net only.
        *[
            replace(net, net.replace("in arrays", f"in arrays{part}"))
            for net in (NET_L1, NET_L2)
            for part in ("[:1]", "[-1:]")
        ],
    ),
    Mistake(
        "strength_missing",
        "strength is left out",
        """strength sets how much the size of the weights counts beside the loss. Without it the penalty is what it
        would be at strength 1, and tuning changes nothing.""",
        [
            replace(L1, "return sum_of_magnitudes"),
            replace(L2, "return sum_of_squares"),
            *gradients("[np.sign(as_float(w)) for w in weights]", "[2 * as_float(w) for w in weights]"),
            replace(NET, "return mixed"),
        ],
    ),
    Mistake(
        "strength_on_one_part",
        "In the elastic net strength multiplies one of the two parts only",
        """strength·(l1_ratio·Σ|w| + (1 − l1_ratio)·Σw²): strength stands before the bracket and multiplies both
        parts. Mind the brackets in code.""",
        [replace(MIXED, MIXED.replace("= l1_ratio", "= strength * l1_ratio")), replace(NET, "return mixed")],
        [replace(MIXED, MIXED.replace("+ (1", "+ strength * (1")), replace(NET, "return mixed")],
    ),
    Mistake(
        "ratio_swapped",
        "l1_ratio weighs the L2 part",
        """l1_ratio is the share of the L1 part: l1_ratio = 1 is the lasso, l1_ratio = 0 is ridge regression. Here
        it is the other way round.""",
        replace(MIXED, "mixed = (1 - l1_ratio) * l1_norm + l1_ratio * squared_l2_norm"),
        formula=r"\lambda \Big(\rho \sum |w| + (1 - \rho) \sum w^2\Big)",
    ),
    Mistake(
        "ratio_on_one_part",
        "In the elastic net only one of the two parts has a share",
        """The shares l1_ratio and 1 − l1_ratio sum to one. When one part enters in full, l1_ratio at its end of the
        range does not give back the plain penalty.""",
        replace(MIXED, "mixed = l1_ratio * l1_norm + squared_l2_norm"),
        replace(MIXED, "mixed = l1_norm + (1 - l1_ratio) * squared_l2_norm"),
        replace(MIXED, "mixed = l1_ratio * l1_norm + l1_ratio * squared_l2_norm"),
    ),
    Mistake(
        "float32_widened",
        "float32 weights give a float64 result",
        """np.asarray(w, dtype=float), np.zeros(shape) and the like are float64. A gradient in float64 doubles the
        memory and turns the weights into float64 with the next update. Convert integers only, and keep float32 as
        it is.""",
        replace(AS_FLOAT, "return x.astype(np.float64)"),
    ),
    Mistake(
        "integers_truncated",
        "The gradient is squeezed into the integers of the weights",
        """An integer array holds integers only: writing a gradient into np.zeros_like(w), or converting it to the
        weights' dtype, cuts 0.3 down to 0. Convert integers to float64 before anything else.""",
        gradients(
            "[(strength * np.sign(w)).astype(np.asarray(w).dtype) for w in weights]",
            "[(2 * strength * np.asarray(w)).astype(np.asarray(w).dtype) for w in weights]",
        ),
    ),
    Mistake(
        "modified_in_place",
        "The weights are modified in place",
        """`w *= 2 * strength`, `w **= 2`, `np.abs(w, out=w)` and the like write into the arrays of the model:
        computing a penalty changes the weights. Write w * 2 instead: it makes a new array.""",
        [
            *penalties("sum(np.abs(ARRAY, out=ARRAY).sum() for w in weights)"),
            *gradients(
                "[np.multiply(strength, np.sign(as_float(w)), out=as_float(w)) for w in weights]",
                "[np.multiply(2 * strength, as_float(w), out=as_float(w)) for w in weights]",
            ),
            replace(L2_SUM, "sum_of_squares = sum(np.square(as_float(w), out=as_float(w)).sum() for w in weights)"),
        ],
    ),
    Mistake(
        "matrix_norm_for_sum",
        "np.linalg.norm of a matrix stands for the sum of magnitudes",
        """np.linalg.norm(w, 1) is the sum of magnitudes for a vector only. For a matrix it is the largest sum of a
        column, another norm. np.abs(w).sum() is the sum for any shape.""",
        replace(L1_SUM, "sum_of_magnitudes = sum(np.linalg.norm(as_float(w), 1) for w in weights)"),
    ),
    Mistake(
        "strength_applied_twice",
        "strength is applied twice",
        """The penalties are strength · Σ|w| and strength · Σw²: each has it once. In the elastic net the two sums go in
        without it, or it is not multiplied again.""",
        replace(L1, "return strength**2 * sum_of_magnitudes"),
        replace(L2, "return strength**2 * sum_of_squares"),
        replace(NET, "return strength**2 * mixed"),
        gradients(l2="[2 * strength**2 * as_float(w) for w in weights]"),
    ),
    Mistake(
        "largest_magnitude",
        "The largest magnitude is taken instead of the sum",
        """max|w| is the L∞ norm. L1 adds the magnitudes up.""",
        replace(L1_SUM, "sum_of_magnitudes = sum(np.abs(as_float(w)).max(initial=0) for w in weights)"),
        replace(L1_SUM, "sum_of_magnitudes = max((np.abs(as_float(w)).max(initial=0) for w in weights), default=0)"),
    ),
    Mistake(
        "gradient_of_another_power",
        "The gradient has another power of w",
        """The derivative of |w| is its sign, ±1, and that of w² is 2w.""",
        gradients(l1="[strength * np.abs(as_float(w)) for w in weights]"),
        gradients(l1="[strength * as_float(w) for w in weights]"),
        gradients(l2="[2 * strength * as_float(w) ** 2 for w in weights]"),
        gradients(l2="[strength * as_float(w) ** 2 for w in weights]"),
    ),
    Mistake(
        "gradient_negative",
        "The gradient has the wrong sign",
        """The penalty grows with |w|, so its gradient points away from 0. The minus belongs to the optimizer's
        step.""",
        gradients(l2="[-2 * strength * as_float(w) for w in weights]"),
        gradients(l1="[-strength * np.sign(as_float(w)) for w in weights]"),
    ),
    Mistake(
        "square_of_the_sum",
        "The sum is squared, not each weight",
        """(Σw)² lets positive and negative weights cancel. Square first, then add.""",
        replace(L2_SUM, "sum_of_squares = sum(as_float(w).sum() for w in weights) ** 2"),
        replace(L2_SUM, "sum_of_squares = sum(as_float(w).sum() ** 2 for w in weights)"),
    ),
    Mistake(
        "biases_left_out",
        "Vectors are left out of the penalty",
        """Biases are often not regularised, and then the caller leaves them out of the list. What is in it counts,
        whatever its shape.""",
        replace(L2_SUM, L2_SUM.replace("for w in weights", "for w in weights if np.ndim(w) > 1")),
        replace(L1_SUM, L1_SUM.replace("for w in weights", "for w in weights if np.ndim(w) > 1")),
        [
            replace(L2_SUM, L2_SUM.replace("for w in weights", "for w in weights if np.ndim(w) > 1")),
            replace(L1_SUM, L1_SUM.replace("for w in weights", "for w in weights if np.ndim(w) > 1")),
        ],
    ),
    Mistake(
        "a_number_for_every_array",
        "A list with a number for each array is returned",
        """The penalty is one number, which is added to the loss: the sum over all arrays.""",
        replace(L1, "return [strength * np.abs(as_float(w)).sum() for w in weights]"),
        replace(L2, "return [strength * (as_float(w) ** 2).sum() for w in weights]"),
    ),
    Mistake(
        "sign_by_a_quotient",
        "The sign is computed as w / (|w| + a small number)",
        """It comes out a little below 1, and near 0 it is no sign at all. np.sign(w) is −1, 0 or 1.""",
        *(
            gradients(l1=f"[strength * as_float(w) / (np.abs(as_float(w)) + {tiny}) for w in weights]")
            for tiny in ("1e-8", "1e-6")
        ),
    ),
]
