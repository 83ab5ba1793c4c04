"""Known mistakes in softmax, its Jacobian and its backward pass."""

from grader.suite import Mistake, define, replace

CONVERTED = "x = as_float(x)\n    check_axis(x, axis)"
SHIFTED = "shifted = x - x.max(axis=axis, keepdims=True)"
NORMALISED = "return exponentials / exponentials.sum(axis=axis, keepdims=True)"
JACOBIAN_SHIFTED = "np.exp(x - x.max())"
JACOBIAN = "return np.diag(s) - np.outer(s, s)"
INNER = "inner = (grad_output * output).sum(axis=axis, keepdims=True)"
BACKWARD = "return output * (grad_output - inner)"


def over(axis):
    """Edits that make softmax reduce over another axis, maximum and sum alike."""
    return [
        replace(SHIFTED, f"shifted = x - x.max(axis={axis}, keepdims=True)"),
        replace(NORMALISED, f"return exponentials / exponentials.sum(axis={axis}, keepdims=True)"),
    ]


MISTAKES = [
    Mistake(
        "no_max_subtracted",
        "The maximum is not subtracted before the exponential",
        """exp(x) overflows to infinity above 709 (88 in float32), and infinity divided by infinity is NaN; far below
        zero every exponential is 0, and so is their sum. Softmax does not change when a constant is subtracted from
        all scores of a slice, so subtract the slice's maximum: the largest exponential is then exp(0) = 1.""",
        replace(SHIFTED, "shifted = x"),
        replace(JACOBIAN_SHIFTED, "np.exp(x)"),
        formula=r"\frac{e^{x_i}}{\sum_j e^{x_j}} = \frac{e^{x_i - m}}{\sum_j e^{x_j - m}}, \quad m = \max_j x_j",
    ),
    Mistake(
        "global_max",
        "One maximum is subtracted from the whole array",
        """The maximum of the whole array keeps exp from overflowing, but a row that lies far below it underflows: all
        its exponentials are 0, and 0/0 is NaN. Each slice along `axis` needs its own maximum, kept with
        keepdims=True so that it broadcasts.""",
        replace(SHIFTED, "shifted = x - x.max()"),
        textbook=True,
    ),
    Mistake(
        "axis_fixed_to_1",
        "The sum runs along axis 1, whatever `axis` says",
        """The exponentials are summed along axis 1. That happens to be right for the rows of a matrix, but a 1-D input
        has no axis 1 and raises, and along any other axis the results do not sum to one. Use the argument `axis` in
        every reduction.""",
        replace(NORMALISED, "return exponentials / exponentials.sum(axis=1, keepdims=True)"),
        over(1),
        [
            replace(SHIFTED, "shifted = x - x.max(axis=1).reshape(-1, 1)"),
            replace(NORMALISED, "return exponentials / exponentials.sum(axis=1).reshape(-1, 1)"),
        ],
        replace(NORMALISED, "return exponentials / exponentials.sum(axis=1).reshape(-1, 1)"),
        replace(INNER, "inner = (grad_output * output).sum(axis=1, keepdims=True)"),
        [*over(1), replace(INNER, "inner = (grad_output * output).sum(axis=1, keepdims=True)")],
        textbook=True,
    ),
    Mistake(
        "axis_ignored",
        "The sum runs along the last axis, whatever `axis` says",
        """The argument `axis` is never used: every reduction runs along the last axis. For axis=0 the columns should
        sum to one, but the rows do. Pass `axis` on to the maximum and to the sum.""",
        replace(NORMALISED, "return exponentials / exponentials.sum(axis=-1, keepdims=True)"),
        over(-1),
        replace(INNER, "inner = (grad_output * output).sum(axis=-1, keepdims=True)"),
        [*over(-1), replace(INNER, "inner = (grad_output * output).sum(axis=-1, keepdims=True)")],
    ),
    Mistake(
        "jacobian_elementwise",
        "The derivative of softmax is written as s·(s − 1), element by element",
        """s·(s − 1) has the shape of s, but softmax has K outputs that each depend on all K inputs, so its derivative
        is a K×K matrix. Even on the diagonal the sign is wrong: ∂s_i/∂x_i = s_i·(1 − s_i) is positive, because
        raising a score raises its own probability. Off the diagonal it is −s_i·s_j.""",
        replace(JACOBIAN, "return s * (s - 1)"),
        replace(JACOBIAN, "return np.diag(s * (s - 1))"),
        replace(JACOBIAN, "return np.outer(s, s - 1)"),
        replace(BACKWARD, "return grad_output * output * (output - 1)"),
        formula=r"\frac{\partial s_i}{\partial x_j} = s_i (\delta_{ij} - s_j)",
        textbook=True,
    ),
    Mistake(
        "diagonal_only",
        "Only the diagonal s·(1 − s) of the Jacobian is used",
        """s_i·(1 − s_i) is the derivative of s_i in its own score, as for a sigmoid. But the probabilities share one
        sum: raising x_j lowers every other s_i, by s_i·s_j. Without these terms the columns of the Jacobian do not
        sum to zero, as they must when the probabilities always sum to one.""",
        replace(JACOBIAN, "return np.diag(s * (1 - s))"),
        replace(JACOBIAN, "return s * (1 - s)"),
        replace(BACKWARD, "return grad_output * output * (1 - output)"),
        formula=r"\frac{\partial s_i}{\partial x_j} = s_i (\delta_{ij} - s_j)",
    ),
    Mistake(
        "sign_flipped",
        "The sign of the derivative is flipped",
        """Every entry has the right size and the wrong sign. Check one by hand: raising a score raises its own
        probability, so the diagonal of the Jacobian is positive. With this sign gradient descent climbs.""",
        replace(JACOBIAN, "return np.outer(s, s) - np.diag(s)"),
        replace(BACKWARD, "return output * (inner - grad_output)"),
        replace(JACOBIAN, "return np.diag(s) + np.outer(s, s)"),
        replace(BACKWARD, "return output * (grad_output + inner)"),
        replace(JACOBIAN, "return np.diag(s - 2 * s * s) + np.outer(s, s)"),
    ),
    Mistake(
        "backward_sums_everything",
        "The backward pass sums over the whole array instead of along `axis`",
        """The inner product Σ g·s belongs to one probability distribution: one slice along `axis`. Summed over the
        whole array it mixes the gradients of distributions that have nothing to do with each other. Sum along
        `axis` with keepdims=True. A single vector hides the mistake, a matrix shows it.""",
        replace(INNER, "inner = (grad_output * output).sum()"),
        formula=r"\frac{\partial L}{\partial x_i} = s_i \Big(g_i - \sum_j g_j s_j\Big)",
    ),
    Mistake(
        "inner_product_missing",
        "The backward pass leaves out the inner product",
        """g·s alone treats each probability as if it depended on its own score only and had slope s. The full product
        of the gradient with the Jacobian also subtracts s_i·Σ_j g_j·s_j, because all probabilities share one sum.""",
        replace(BACKWARD, "return output * grad_output"),
        formula=r"\frac{\partial L}{\partial x_i} = s_i \Big(g_i - \sum_j g_j s_j\Big)",
    ),
    Mistake(
        "modified_in_place",
        "An input is modified in place",
        """`x -= x.max(...)`, `np.exp(x, out=x)` and the like write into the array that the caller passed in, who then
        goes on with other numbers than before. Write `x = x - ...` instead: it makes a new array.""",
        [
            replace(CONVERTED, CONVERTED + "\n    original = x"),
            replace(SHIFTED, SHIFTED + "\n    original[...] = shifted"),
        ],
        replace(BACKWARD, "grad_output -= inner\n    return grad_output * output"),
    ),
    Mistake(
        "integers_truncated",
        "Probabilities are squeezed into the integers of the input",
        """An integer array holds integers only: writing probabilities into one, or converting the result to the
        input's dtype, cuts each of them down to 0 (or 1). Convert integers and lists to float64 before anything
        else.""",
        define(
            """
            def softmax(x, axis=-1):
                x = np.asarray(x)
                check_axis(x, axis)
                exponentials = np.exp(x - x.max(axis=axis, keepdims=True))
                return (exponentials / exponentials.sum(axis=axis, keepdims=True)).astype(x.dtype)
            """
        ),
        define(
            """
            def softmax(x, axis=-1):
                x = np.asarray(x)
                check_axis(x, axis)
                exponentials = np.exp(x - x.max(axis=axis, keepdims=True)).astype(x.dtype)
                return exponentials / exponentials.sum(axis=axis, keepdims=True)
            """
        ),
        define(
            """
            def softmax_jacobian(x):
                x = np.asarray(x)
                s = softmax(x)
                return (np.diag(s) - np.outer(s, s)).astype(x.dtype)
            """
        ),
    ),
    Mistake(
        "sum_over_everything",
        "The sum runs over the whole array",
        """Each slice along `axis` is a distribution of its own and sums to one. Without an axis np.sum adds up the
        whole array, so that all slices together sum to one and each of them is too small by the share of the
        others. A single row does not show it. Use the argument `axis` in every reduction, with keepdims=True.""",
        replace(NORMALISED, "return exponentials / exponentials.sum()"),
        [
            replace(SHIFTED, "shifted = x - x.max()"),
            replace(NORMALISED, "return exponentials / exponentials.sum()"),
        ],
        [replace(SHIFTED, "shifted = x"), replace(NORMALISED, "return exponentials / exponentials.sum()")],
        formula=r"\sum_k s_{nk} = 1 \quad\text{for every } n",
    ),
    Mistake(
        "grad_output_left_out",
        "The backward pass sums the Jacobian and leaves out the incoming gradient",
        """Summed over its rows or columns the Jacobian gives zeros, since the probabilities always sum to one: whatever
        came in, nothing goes back. The Jacobian has to be multiplied by grad_output.""",
        replace(INNER, f"grad_output = np.ones_like(output)\n    {INNER}"),
        replace(BACKWARD, "return grad_output * (output - output * output.sum(axis=axis, keepdims=True))"),
        formula=r"\frac{\partial L}{\partial x_j} = \sum_i \frac{\partial L}{\partial s_i} J_{ij}",
    ),
    Mistake(
        "another_number_subtracted",
        "Another number than the maximum is subtracted",
        """The minimum, the mean or the first score may lie far below the largest one, whose exponential then overflows:
        infinity divided by infinity is NaN. The largest magnitude may lie far above all scores: then every exponential
        is 0, and 0/0 is NaN. Only with the maximum subtracted is the largest exponent 0.""",
        *(replace(SHIFTED, f"shifted = x - x.{name}(axis=axis, keepdims=True)") for name in ("min", "mean")),
        replace(SHIFTED, "shifted = x - np.abs(x).max(axis=axis, keepdims=True)"),
        replace(SHIFTED, "shifted = x - x.take([0], axis=axis)"),
        *(replace(JACOBIAN_SHIFTED, f"np.exp(x - {number})") for number in ("x.min()", "x.mean()", "x[0]")),
        formula=r"\frac{e^{x_i}}{\sum_j e^{x_j}} = \frac{e^{x_i - m}}{\sum_j e^{x_j - m}}, \quad m = \max_j x_j",
    ),
    Mistake(
        "keepdims_forgotten",
        "A reduction drops its axis: keepdims=True is missing",
        """The maximum or the sum over `axis` has one dimension less, and NumPy lines shapes up from the right: in a
        square matrix each row then meets the numbers of all rows in turn, and most other shapes do not fit. With
        keepdims=True the reduced axis stays, with length 1, and each slice meets its own number.""",
        replace(SHIFTED, "shifted = x - x.max(axis=axis)"),
        replace(NORMALISED, "return exponentials / exponentials.sum(axis=axis)"),
        [
            replace(SHIFTED, "shifted = x - x.max(axis=axis)"),
            replace(NORMALISED, "return exponentials / exponentials.sum(axis=axis)"),
        ],
        [replace(SHIFTED, "shifted = x"), replace(NORMALISED, "return exponentials / exponentials.sum(axis=axis)")],
        replace(INNER, "inner = (grad_output * output).sum(axis=axis)"),
    ),
    Mistake(
        "axis_fixed_to_0",
        "The sum runs along axis 0, whatever `axis` says",
        """The columns of a matrix sum to one here, and each row should: the scores of one sample lie along the last
        axis unless `axis` says otherwise. Use the argument `axis` in every reduction.""",
        replace(NORMALISED, "return exponentials / exponentials.sum(axis=0, keepdims=True)"),
        over(0),
        replace(INNER, "inner = (grad_output * output).sum(axis=0, keepdims=True)"),
        [*over(0), replace(INNER, "inner = (grad_output * output).sum(axis=0, keepdims=True)")],
    ),
    Mistake(
        "no_outer_product",
        "s sᵀ is written with a 1-D array, which has no transpose",
        """The .T of a 1-D array is the array itself. So np.dot(s, s.T) is one number, the sum of the squares, and
        s * s.T holds squares only. The matrix of all products s_i·s_j is np.outer(s, s), or s[:, None] * s.""",
        replace(JACOBIAN, "return np.diag(s) - np.dot(s, s.T)"),
        replace(JACOBIAN, "return np.diag(s) - s * s.T"),
        formula=r"\frac{\partial s_i}{\partial x_j} = s_i (\delta_{ij} - s_j)",
    ),
    Mistake(
        "logarithm_returned",
        "The logarithm of the probabilities is returned",
        """x − log Σ exp(x) is log-softmax: numbers below zero that do not sum to one. It is what a loss needs; softmax
        is its exponential.""",
        replace(NORMALISED, "return shifted - np.log(exponentials.sum(axis=axis, keepdims=True))"),
        formula=r"\mathrm{softmax}(x)_i = \exp\Big(x_i - \log \sum_j e^{x_j}\Big)",
    ),
    Mistake(
        "another_base",
        "The exponential has another base than e",
        """2ˣ and 10ˣ give probabilities, too, but flatter or sharper ones, and the Jacobian s·(δ − s) belongs to
        eˣ.""",
        replace("exponentials = np.exp(shifted)", "exponentials = 2.0**shifted"),
        replace("exponentials = np.exp(shifted)", "exponentials = 10.0**shifted"),
    ),
    Mistake(
        "divided_by_another_number",
        "The exponentials are divided by another number than their sum",
        """Only divided by their sum do they sum to one. The mean, the Euclidean norm or the largest of them give other
        numbers.""",
        *(
            replace(NORMALISED, f"return exponentials / {code}")
            for code in (
                "exponentials.mean(axis=axis, keepdims=True)",
                "np.sqrt((exponentials**2).sum(axis=axis, keepdims=True))",
                "exponentials.max(axis=axis, keepdims=True)",
            )
        ),
    ),
    Mistake(
        "small_number_in_divisor",
        "A small number is added to the sum of the exponentials",
        """It is meant to keep 0/0 away, but every probability comes out a little too small, and they no longer sum to
        one. With the maximum subtracted the largest term is exp(0) = 1, so the sum is never near 0.""",
        *(
            replace(NORMALISED, f"return exponentials / (exponentials.sum(axis=axis, keepdims=True) + {tiny})")
            for tiny in ("1e-6", "1e-5", "1e-4", "1e-3")
        ),
    ),
    Mistake(
        "scores_negated",
        "The signs of the scores are turned around",
        """exp(−x) gives the smallest score the largest probability. Subtract the maximum from x: x − max(x), not the
        other way round.""",
        replace(SHIFTED, "shifted = x.min(axis=axis, keepdims=True) - x"),
        replace(SHIFTED, "shifted = x.max(axis=axis, keepdims=True) - x"),
    ),
    Mistake(
        "scores_clipped",
        "The scores are clipped instead of shifted",
        """Clipped to ±500 or so nothing overflows, but scores beyond it all look alike. Subtracting the maximum changes
        no probability.""",
        *(replace(SHIFTED, f"shifted = np.clip(x, -{number}, {number})") for number in ("500", "700", "100")),
    ),
    Mistake(
        "factor_of_the_product_missing",
        "A factor s is missing in the derivative",
        """∂s_i/∂x_j = s_i (δ_ij − s_j): s_i multiplies both terms. So does the output in the backward pass:
        output · (grad_output − inner), where inner is the sum of grad_output · output.""",
        replace(JACOBIAN, "return np.eye(len(s), dtype=s.dtype) - np.outer(s, s)"),
        replace(JACOBIAN, "return np.eye(len(s), dtype=s.dtype) - s"),
        replace(BACKWARD, "return grad_output - output * inner"),
        replace(BACKWARD, "return output * grad_output - inner"),
        replace(BACKWARD, "return grad_output - inner"),
        replace(INNER, "inner = grad_output.sum(axis=axis, keepdims=True)"),
        formula=r"\frac{\partial L}{\partial x_j} = s_j \Big(g_j - \sum_i g_i s_i\Big)",
    ),
    Mistake(
        "inner_averaged",
        "The products of gradient and output are averaged instead of summed",
        """Each x_j moves every s_i, and the chain rule adds these ways up. Divided by their number the sum is too
        small.""",
        replace(INNER, INNER.replace("sum(", "mean(")),
    ),
    Mistake(
        "softmax_of_the_output",
        "softmax is applied to the output in the backward pass",
        """`output` is softmax(x) already, as the forward pass kept it. Applied once more it is another
        distribution.""",
        replace(
            INNER,
            "output = np.exp(output) / np.exp(output).sum(axis=axis, keepdims=True)\n    " + INNER,
        ),
    ),
    Mistake(
        "always_float32",
        "The answer is float32 whatever x is",
        """float64 in gives float64 out: cut down to float32, half of the digits are lost.""",
        replace(CONVERTED, CONVERTED.replace("as_float(x)", "np.asarray(x, dtype=np.float32)")),
        replace(
            "return x if x.dtype in (np.float32, np.float64) else x.astype(np.float64)", "return x.astype(np.float32)"
        ),
    ),
]
