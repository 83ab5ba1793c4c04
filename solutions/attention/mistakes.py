"""Known mistakes in scaled dot-product attention and attention pooling."""

from grader.suite import Mistake, replace

SCORES = "scores = products / math.sqrt(query.shape[-1])"
MASKED = "scores = np.where(may_attend, scores, -np.inf)"
LARGEST = "largest = scores.max(axis=-1, keepdims=True, initial=-np.inf)"
GUARD = "largest = np.where(largest == -np.inf, 0, largest)"
EXPONENTIALS = "exponentials = np.exp(scores - largest)"
TOTAL = "total = exponentials.sum(axis=-1, keepdims=True)"
WEIGHTS = "weights = exponentials / np.where(total == 0, 1, total)"
OUTPUT = "output = weights @ value"
POOLING_SHIFTED = "shifted = scores - scores.max(axis=-1, keepdims=True, initial=-np.inf)"
POOLING_SHARES = "shares = positive / positive.sum(axis=-1, keepdims=True)"
POOLED = "return weighted.sum(axis=-2)"


def scaled(scores):
    return replace(SCORES, f"scores = {scores}")


def masked(scores):
    return replace(MASKED, f"scores = {scores}")


def softmax_over(axis):
    """Maximum and sum along another axis."""
    return [replace(LARGEST, LARGEST.replace("-1", axis)), replace(TOTAL, TOTAL.replace("-1", axis))]


def instead_of_softmax(function):
    """Other weights: in attention (scaled or not), in pooling, and in both; raw and divided by their sum."""
    divided = f"(raw := {function}) / raw.sum(axis=-1, keepdims=True)"
    scaled, unscaled, rescaled = (
        replace(WEIGHTS, f"weights = {code}")
        for code in (function.format("scores"), function.format("products"), divided.format("scores"))
    )
    pooled, repooled = (
        replace(POOLING_SHARES, f"shares = {code}") for code in (function.format("scores"), divided.format("scores"))
    )
    both = [[scaled, pooled], [unscaled, pooled], [rescaled, repooled]]
    return [scaled, unscaled, rescaled, pooled, repooled, *both]


TOO_HIGH = ["np.where(may_attend, scores, -1000)"]
TOO_HIGH += [f"np.where(may_attend, scores, scores - {number})" for number in (100, 1000, 10000)]
ZEROED = replace(OUTPUT, f"weights = weights if mask is None else weights * may_attend\n    {OUTPUT}")
NOTHING_ZEROED = replace(
    OUTPUT, f"weights = weights if mask is None else weights * may_attend.any(axis=-1, keepdims=True)\n    {OUTPUT}"
)
TINY = ("1e-12", "1e-10", "1e-9", "1e-8", "1e-6", "1e-5")


def renormalised(divisor):
    """Masked after the softmax, and divided by the sum of what is kept, or so."""
    lines = f"""if mask is not None:
        weights = weights * may_attend
        kept = weights.sum(axis=-1, keepdims=True)
        weights = weights / {divisor}
    {OUTPUT}"""
    return replace(OUTPUT, lines)


def twice(weights):
    """A softmax of the weights, too."""
    lines = f"""exponentials = np.exp({weights})
    total = exponentials.sum(axis=-1, keepdims=True)
    {WEIGHTS}
    {OUTPUT}"""
    return replace(OUTPUT, lines)


NO_GUARD = [replace(GUARD, "pass"), replace(WEIGHTS, "weights = exponentials / total")]
NO_MAX = replace(EXPONENTIALS, "exponentials = np.exp(scores)")
NO_POOLING_MAX = replace(POOLING_SHIFTED, "shifted = scores")
GLOBAL_MAX = replace(LARGEST, "largest = scores.max(initial=-np.inf)")
GLOBAL_POOLING_MAX = replace(POOLING_SHIFTED, "shifted = scores - scores.max(initial=-np.inf)")

MISTAKES = [
    Mistake(
        "no_scaling",
        "The scores are not divided by √D",
        """A dot product of D random terms has a spread of √D. Without the division the scores grow with the width, the
        softmax saturates to almost one-hot weights and its gradient vanishes. Divide by √D before the mask and the
        softmax.""",
        scaled("products"),
        formula=r"\operatorname{softmax}\Big(\frac{Q K^\top}{\sqrt{D}}\Big) V",
    ),
    Mistake(
        "divided_by_d",
        "The scores are divided by D instead of √D",
        """The variance of a dot product of D random terms is D, so its spread is √D, and that is what the scores are
        divided by. Divided by D they are too small: the weights come out almost even, whatever the keys say.""",
        scaled("products / query.shape[-1]"),
        formula=r"\operatorname{softmax}\Big(\frac{Q K^\top}{\sqrt{D}}\Big) V",
    ),
    Mistake(
        "multiplied_by_root",
        "The scores are multiplied by √D instead of divided",
        """Scaling is to undo the growth of the dot products with the width D. Multiplying makes them D times larger
        than they should be, and the softmax picks a single key.""",
        scaled("products * math.sqrt(query.shape[-1])"),
    ),
    Mistake(
        "root_of_value_width",
        "The scores are divided by the root of the value width",
        """The scores are sums over the width that query and key share, so √D is the spread to undo. The width V of the
        values plays no part in them. With V = D the mistake stays hidden; try values of another width.""",
        scaled("products / math.sqrt(value.shape[-1])"),
        formula=r"\sum_{d=1}^{D} q_d k_d \quad\text{has spread}\quad \sqrt{D}",
    ),
    Mistake(
        "root_of_length",
        "The scores are divided by the root of the number of queries or keys",
        """The scores are sums over D, the last axis of query and key, and √D is the spread to undo; how many queries
        or keys there are does not matter. `query.shape[1]` is D only as long as there are no leading dimensions:
        count from the end, query.shape[-1].""",
        *(scaled(f"products / math.sqrt({size})") for size in ("query.shape[-2]", "key.shape[-2]")),
        *(scaled(f"products / math.sqrt({size})") for size in ("query.shape[1]", "key.shape[1]", "query.shape[0]")),
    ),
    Mistake(
        "scaled_after_softmax",
        "The weights are divided by √D instead of the scores",
        """The division belongs inside the softmax, where it keeps the scores from growing with the width. Afterwards it
        comes too late: the weights are as peaked as without it, and they sum to 1/√D instead of one, so the output
        shrinks.""",
        [scaled("products"), replace(OUTPUT, f"weights = weights / math.sqrt(query.shape[-1])\n    {OUTPUT}")],
        [scaled("products"), replace(OUTPUT, f"{OUTPUT} / math.sqrt(query.shape[-1])")],
        formula=r"\operatorname{softmax}\Big(\frac{Q K^\top}{\sqrt{D}}\Big) V",
    ),
    Mistake(
        "key_transposed_as_a_whole",
        "key.T turns all axes around, not only the last two",
        """For a matrix `.T` exchanges rows and columns. With leading dimensions it reverses the order of all axes, so
        that the batch comes last and the product no longer fits. Exchange the last two axes only: np.swapaxes(key,
        -1, -2).""",
        replace("np.swapaxes(key, -1, -2)", "key.T"),
    ),
    Mistake(
        "softmax_over_queries",
        "The softmax runs over the queries instead of the keys",
        """Each query spreads a weight of one over the keys, so each row of the weights sums to one. Here the columns
        do: the queries compete for every key, and an output may be anything but an average of the values. The keys
        are the last axis of the scores, whatever the number of leading dimensions.""",
        softmax_over("-2"),
        replace(TOTAL, TOTAL.replace("-1", "-2")),
        [GLOBAL_MAX, replace(TOTAL, TOTAL.replace("-1", "-2"))],
        softmax_over("0"),
        softmax_over("1"),
        formula=r"\sum_{s=1}^{S} w_{ls} = 1 \quad\text{for every query } l",
    ),
    Mistake(
        "mask_inverted",
        "The mask is taken the other way round",
        """True means that the query may attend to the key. Here the keys marked True are the ones left out, as in
        libraries whose masks mark padding. Look at the weights: they must be 0 where the mask is False.""",
        masked("np.where(may_attend, -np.inf, scores)"),
    ),
    Mistake(
        "mask_ignored",
        "The mask has no effect",
        """The argument `mask` is accepted and not used, so every query attends to every key, to padding and to the
        future, too. Set the scores of masked keys to −∞ before the softmax.""",
        replace(MASKED, "pass"),
    ),
    Mistake(
        "mask_after_softmax",
        "The mask is applied after the softmax, and the weights no longer sum to one",
        """Weights set to zero after the softmax leave a rest that sums to less than one, so the output shrinks the
        more is masked, and masked keys still influence it through the sum. Apply the mask to the scores, before the
        softmax, or divide by the sum of what is left.""",
        [replace(MASKED, "pass"), ZEROED],
        [
            replace(MASKED, "pass"),
            replace(OUTPUT, "output = (weights if mask is None else weights * may_attend) @ value"),
        ],
    ),
    Mistake(
        "masked_score_too_high",
        "Masked scores are set to 0 or −1 instead of −∞",
        """A score of 0 is an ordinary score, and exp(0) = 1 is an ordinary weight; −1 still gives a third of that.
        Masked keys keep a share, often a larger one than keys with negative scores. Only exp(−∞) is 0. Multiplying
        the scores with the mask, or subtracting 1 where it is False, is the same mistake.""",
        *(masked(f"np.where(may_attend, scores, {value})") for value in ("0", "-1", "scores - 1", "-10", "1e-9")),
        masked("np.where(may_attend, scores, -1 / math.sqrt(query.shape[-1]))"),
        formula=r"e^{0} = 1, \quad e^{-1} \approx 0.37, \quad e^{-\infty} = 0",
    ),
    Mistake(
        "uniform_when_masked",
        "A query with nothing to attend to attends to what is masked out",
        """With a large negative number such as −10⁹ in place of −∞, the scores of a query whose keys are all masked
        out are all equally low, and the softmax spreads weights over them as if nothing were masked. The answer is
        asked to be zeros: set the weights of masked keys to 0 after the softmax as well.""",
        masked("np.where(may_attend, scores, -1e9)"),
        masked("np.where(may_attend, scores, scores - 1e9)"),
    ),
    Mistake(
        "mask_not_low_enough",
        "Masked scores are lowered by too little",
        """A number such as −1000 stands in for −∞ only as long as every other score lies well above it. Scores may be
        anything: where those of the allowed keys fall below the number, or where a masked score is so large that it
        stays on top after the number is subtracted, the masked keys win. exp(−∞) is 0 whatever the others are.""",
        *(masked(code) for code in TOO_HIGH),
        *([masked(code), NOTHING_ZEROED] for code in TOO_HIGH),
        *([masked(code), ZEROED] for code in (TOO_HIGH[0], *TOO_HIGH[2:])),
        formula=r"e^{-1000} \Big/ \big(e^{-1000} + e^{-2000}\big) \approx 1, \quad e^{-\infty} = 0",
    ),
    Mistake(
        "masked_keys_in_softmax",
        "Masked keys take part in the softmax before they are taken out",
        """Weights that are computed over all keys and then masked and divided by what is left come out right as long
        as the scores lie close together. Where a masked key scores far above the others, its maximum or its share of
        the sum drives all others to 0, and what is left is 0/0, or next to nothing divided by the small number that
        was added to the divisor. The same happens when only the maximum is taken over masked keys. A masked key must
        not decide anything: set its score to −∞ first.""",
        *([replace(MASKED, "pass"), renormalised(f"(kept + {tiny})")] for tiny in TINY),
        [replace(MASKED, "pass"), renormalised("kept")],
        [replace(MASKED, "pass"), renormalised("np.where(kept == 0, 1, kept)")],
        [
            replace(MASKED, f"allowed = scores\n        {MASKED.replace('scores =', 'allowed =')}"),
            replace(EXPONENTIALS, "exponentials = np.exp(scores - largest) * (1 if mask is None else may_attend)"),
            replace(LARGEST, LARGEST.replace("scores", "(scores if mask is None else allowed)")),
        ],
    ),
    Mistake(
        "nan_when_all_masked",
        "A query with nothing to attend to gets NaN",
        """When all scores of a row are −∞, so is their maximum, and −∞ − (−∞) is NaN; without subtracting a maximum
        the sum of the exponentials is 0, and 0/0 is NaN, too. One such row, as padding makes them, poisons
        everything computed from it. Catch the row: subtract 0 there, and divide by 1 where the sum is 0.""",
        [replace(LARGEST, "largest = scores.max(axis=-1, keepdims=True)"), *NO_GUARD],
        NO_GUARD,
        [NO_MAX, *NO_GUARD],
        [NO_MAX, NO_POOLING_MAX, *NO_GUARD],
    ),
    Mistake(
        "no_softmax",
        "The raw scores are used as weights, without a softmax",
        """Scores may be negative and sum to anything, so the output is no average of the values: it grows with the
        length of query and key and changes its sign with them. Dividing by the sum of the scores does not help,
        since it may be near 0. The softmax makes them positive and sum to one.""",
        *instead_of_softmax("{}"),
        formula=r"w_{ls} = \frac{e^{a_{ls}}}{\sum_{s'} e^{a_{ls'}}}",
        textbook=True,
    ),
    Mistake(
        "sigmoid_weights",
        "A sigmoid stands in place of the softmax",
        """A sigmoid looks at one score alone: the weights lie between 0 and 1, but do not sum to one, so the output
        grows with the number of keys, and the keys do not compete for attention. Even divided by their sum they are
        another function: the softmax doubles a weight's odds against another for every log 2 between their scores,
        however high both are.""",
        *instead_of_softmax("1 / (1 + np.exp(-{}))"),
        formula=r"\sigma(a) = \frac{1}{1 + e^{-a}}, \quad \sum_s \sigma(a_s) \ne 1",
        textbook=True,
    ),
    Mistake(
        "no_max_subtracted",
        "The maximum is not subtracted before the exponential",
        """exp(1000) overflows to infinity, and infinity divided by infinity is NaN; exp(−1000) vanishes, and so does
        the sum. Softmax does not change when a constant is subtracted from all scores of a row, so subtract the
        row's maximum.""",
        NO_MAX,
        NO_POOLING_MAX,
        [NO_MAX, NO_POOLING_MAX],
        formula=r"\frac{e^{a_i}}{\sum_j e^{a_j}} = \frac{e^{a_i - m}}{\sum_j e^{a_j - m}}, \quad m = \max_j a_j",
    ),
    Mistake(
        "global_max",
        "One maximum is subtracted from all rows",
        """The maximum of the whole array keeps exp from overflowing, but a row of scores that lies far below it
        underflows: its exponentials are all 0, and 0/0 is NaN. Each row needs its own maximum, with axis=-1 and
        keepdims=True.""",
        GLOBAL_MAX,
        GLOBAL_POOLING_MAX,
        [GLOBAL_MAX, GLOBAL_POOLING_MAX],
    ),
    Mistake(
        "pooling_over_batch",
        "The softmax of the pooling runs over the batch",
        """Each sample has its own weights, which sum to one over its L rows. Normalised over the first axis, or over
        all scores at once, the samples of a batch compete with one another, and the result for one depends on which
        others it is batched with. A single sample hides it.""",
        replace(POOLING_SHARES, "shares = positive / positive.sum(axis=0, keepdims=True)"),
        [
            replace(POOLING_SHIFTED, POOLING_SHIFTED.replace("axis=-1", "axis=0")),
            replace(POOLING_SHARES, "shares = positive / positive.sum(axis=0, keepdims=True)"),
        ],
        [GLOBAL_POOLING_MAX, replace(POOLING_SHARES, "shares = positive / positive.sum()")],
    ),
    Mistake(
        "pooled_mean",
        "The weighted rows are averaged instead of summed",
        """The weights sum to one already, so the sum of the weighted rows is their average. Taking the mean of them
        divides by L once more and shrinks the result with the length.""",
        replace(POOLED, "return weighted.sum(axis=-2) / max(1, x.shape[-2])"),
    ),
    Mistake(
        "modified_in_place",
        "An input is modified in place",
        """`query /= np.sqrt(D)`, `scores -= scores.max()` and the like write into the array that the caller passed in,
        who then goes on with other numbers than before. Write `query = query / ...` instead: it makes a new array.""",
        replace(
            "products = query @",
            "query /= math.sqrt(query.shape[-1])\n    products = math.sqrt(query.shape[-1]) * query @",
        ),
        replace(POOLING_SHIFTED, f"{POOLING_SHIFTED}\n    scores[...] = shifted"),
    ),
    Mistake(
        "results_swapped",
        "Weights and output are returned in the wrong order",
        """The output comes first, `output, weights = scaled_dot_product_attention(…)`: most callers want it alone. Here
        the weights stand in its place.""",
        replace("return output, weights", "return weights, output"),
    ),
    Mistake(
        "scores_returned",
        "The scores are returned instead of the weights",
        """The second result is what the softmax made of the scores: numbers between 0 and 1 that sum to one for each
        query. Scores may be negative and of any size; whoever draws the attention of each query from them sees another
        picture.""",
        replace("return output, weights", "return output, scores"),
        replace("return output, weights", "return output, products"),
    ),
    Mistake(
        "softmax_twice",
        "The softmax is applied twice",
        """The second softmax gets weights between 0 and 1 for scores, and exp of these differs by less than a factor of
        e: what was decided is blurred into almost even weights, and what was masked out gets a share again. Apply it
        once, to the scores.""",
        twice("weights"),
        twice("weights if mask is None else np.where(may_attend, weights, -np.inf)"),
    ),
    Mistake(
        "small_number_in_divisor",
        "A small number is added to the sum of the exponentials",
        """It is meant to keep 0/0 away, but every weight comes out a little too small, and they no longer sum to one.
        The largest score of a row contributes exp(0) = 1, so the sum is never near 0; a row with nothing to attend to
        is best treated by itself.""",
        *(replace(WEIGHTS, f"weights = exponentials / (total + {tiny})") for tiny in ("1e-6", "1e-5", "1e-4", "1e-3")),
    ),
    Mistake(
        "output_scaled_too",
        "The output is divided by √D too",
        """√D belongs to the scores alone, where it undoes the growth of the dot products. The weights sum to one, so
        the output is an average of the values as it is; divided once more it shrinks with the width.""",
        replace(OUTPUT, f"{OUTPUT} / math.sqrt(query.shape[-1])"),
        formula=r"\operatorname{softmax}\Big(\frac{Q K^\top}{\sqrt{D}}\Big) V",
    ),
    Mistake(
        "pooling_scaled",
        "The scores of the pooling are divided by √D",
        """Here the scores are given; they are no dot products whose spread would grow with the width D. Pooling takes
        their softmax as they are.""",
        replace("positive = np.exp(shifted)", "positive = np.exp(shifted / math.sqrt(x.shape[-1]))"),
    ),
    Mistake(
        "pooled_maximum",
        "The largest of the weighted rows is taken instead of their sum",
        """Attention pooling is an average: the weighted rows are added up, feature by feature. With the maximum the
        result holds a part of one row for each feature, made small by its weight, and the weights no longer share
        anything out.""",
        replace(POOLED, "return weighted.max(axis=-2)"),
    ),
]
