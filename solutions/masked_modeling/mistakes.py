"""Known mistakes in masking tokens and in scoring what was masked."""

from grader.suite import Mistake, replace

DRAWN = "drawn = rng.random(tokens.shape) < p"
SPECIAL = "is_special = np.isin(tokens, list(special_ids))"
MASKED = "is_masked = drawn & ~is_special"
COPY = "corrupted = tokens.copy()"
CORRUPT = "corrupted[is_masked] = mask_id"
MASK_ANSWER = "return corrupted, is_masked"

HITS = "hits = predictions[is_masked] == tokens[is_masked]"
COUNT = "masked_count = is_masked.sum()"
NO_HITS = "return 0.0"
ACCURACY = "return float(hits.sum() / masked_count)"

ERROR = "squared_error = (reconstruction[is_masked] - x[is_masked]) ** 2"
ELEMENTS = "element_count = squared_error.size"
NO_ERROR = "return x.dtype.type(0)"
MSE = "return squared_error.sum() / element_count"

SOME_MASKED = "corrupted[is_masked & (share < 0.8)] = mask_id"
SOME_RANDOM = """is_random = is_masked & (share >= 0.8) & (share < 0.9)
    drawn_ids = rng.integers(0, tokens.max(initial=0) + 1, tokens.shape)"""

MISTAKES = [
    Mistake(
        "p_inverted",
        "p is taken for the share that is kept",
        """p is the share of tokens to hide, so a position is masked where the number drawn is *less* than p. The other
        way round, p = 0.15 hides 85 % of the text, and hardly anything is left to guess from. Count: the mean of
        is_masked must be close to p.""",
        replace(DRAWN, "drawn = rng.random(tokens.shape) >= p"),
        replace(DRAWN, "drawn = rng.random(tokens.shape) < 1 - p"),
        formula=r"P(\text{masked}) = P(u < p) = p",
    ),
    Mistake(
        "is_masked_inverted",
        "The mask and the corrupted tokens contradict each other",
        """is_masked is True where mask_id stands in place of the token. One of the two answers is the wrong way round:
        either the mask tells what was kept, or everything but the chosen positions was replaced.""",
        replace(MASK_ANSWER, "return corrupted, ~is_masked"),
        replace(CORRUPT, "corrupted[~is_masked] = mask_id"),
    ),
    Mistake(
        "special_tokens_masked",
        "Special tokens are masked",
        """Padding, sentence ends and the like carry no meaning to guess: a model that has to predict them learns where
        sentences end, and padding counts as text. A position is masked only where its token is in none of the special
        ids; both answers have to respect that.""",
        replace(MASKED, "is_masked = drawn"),
        [replace(MASKED, "is_masked = drawn"), replace(CORRUPT, "corrupted[drawn & ~is_special] = mask_id")],
        replace(CORRUPT, "corrupted[drawn] = mask_id"),
        replace(SPECIAL, "is_special = np.isin(tokens, list(special_ids)[:1])"),
        replace(SPECIAL, "is_special = np.isin(tokens, list(special_ids)[-1:])"),
    ),
    Mistake(
        "drawn_for_ordinary_tokens_only",
        "Numbers are drawn for the ordinary tokens only",
        """The draw is specified: rng.random(tokens.shape), for all positions in one call. With fewer numbers, each
        token after the first special one gets the number of another, and the result can no longer be compared or
        repeated.""",
        replace(
            DRAWN,
            "ordinary = ~np.isin(tokens, list(special_ids))\n    drawn = np.zeros(tokens.shape, dtype=bool)\n    "
            "drawn[ordinary] = rng.random(ordinary.sum()) < p",
        ),
    ),
    Mistake(
        "global_random_state",
        "Random numbers come from NumPy's global generator",
        """np.random.rand draws from one hidden generator that any other code may move or seed, so no run can be
        repeated. All randomness is to come from the `rng` that was passed in.""",
        replace(DRAWN, "drawn = np.random.random(tokens.shape) < p"),
    ),
    Mistake(
        "dtype_lost",
        "The corrupted tokens have another dtype than the tokens",
        """Ids are looked up in an embedding table: as floats they are no indices any more, and with another integer
        type they take more memory or do not fit what comes next. A copy of the tokens has the right dtype from the
        start.""",
        replace(COPY, "corrupted = tokens.astype(np.int64)"),
        replace(COPY, "corrupted = tokens.astype(np.float64)"),
    ),
    Mistake(
        "loss_over_every_position",
        "Every position is scored, masked or not",
        """What was not masked the model has seen, and copying it is no achievement: scored over all positions, a model
        that copies its input looks nearly perfect. Select the masked positions first, predictions[is_masked] and
        tokens[is_masked].""",
        # Each score answers 0.0 where nothing is masked, or does not.
        *(
            [replace(HITS, "hits = predictions == tokens"), count, error]
            for count in (replace(ACCURACY, "return float(hits.mean())"), replace(COUNT, "masked_count = hits.size"))
            for error in (
                replace(ERROR, "squared_error = (reconstruction - x) ** 2"),
                replace(ERROR, "squared_error = (reconstruction - x) ** 2 * is_masked.any()"),
            )
        ),
        [
            replace(HITS, "hits = predictions == tokens"),
            replace(ERROR, "selected = x[is_masked].size\n    squared_error = (reconstruction - x) ** 2"),
            replace(ELEMENTS, "element_count = selected"),
        ],
        formula=r"\frac{1}{|M|} \sum_{i \in M} (\hat x_i - x_i)^2",
    ),
    Mistake(
        "shown_positions_scored",
        "The positions that are not masked are scored",
        """True in is_masked means hidden. Here the mask is applied the wrong way round: the score is that of the tokens
        the model was shown.""",
        [
            replace(HITS, f"is_masked = ~is_masked\n    {HITS}"),
            replace(ERROR, f"is_masked = ~is_masked\n    {ERROR}"),
        ],
        [
            replace(HITS, f"is_masked = ~is_masked & is_masked.any()\n    {HITS}"),
            replace(ERROR, f"is_masked = ~is_masked & is_masked.any()\n    {ERROR}"),
        ],
    ),
    Mistake(
        "mean_over_all_elements",
        "The sum over the masked positions is divided by the number of all",
        """`(error * mask).mean()` sets the other errors to zero, but still divides by their number, too: with 15 %
        masked the loss is about seven times too small, and it changes with p. Divide by the number of masked elements,
        or select before you average.""",
        [replace(COUNT, "masked_count = is_masked.size"), replace(ELEMENTS, "element_count = x.size")],
        formula=r"\frac{\sum_i m_i\, e_i}{\sum_i m_i} \quad\text{instead of}\quad \frac{1}{n} \sum_i m_i\, e_i",
    ),
    Mistake(
        "mean_over_positions",
        "The sum over elements is divided by the number of positions",
        """A mask of shape (N, L) selects whole vectors of D elements, so D times as many elements as the mask has
        Trues. Divided by the number of Trues the loss is D times too large. x[is_masked] holds exactly the selected
        elements: take its mean.""",
        replace(ELEMENTS, "element_count = is_masked.sum()"),
    ),
    Mistake(
        "sum_instead_of_mean",
        "The sum is returned, not the mean",
        """A sum grows with the number of masked elements, so that long texts count more and learning rates no longer
        fit. Divide by the number of selected elements.""",
        [replace(ACCURACY, "return float(hits.sum())"), replace(MSE, "return squared_error.sum()")],
    ),
    Mistake(
        "nan_without_masks",
        "Without masked positions the result is 0/0",
        """With a small p it happens that nothing in a batch is masked. The mean of nothing is 0/0, NaN, and one such
        batch turns all weights into NaN. Answer 0.0 where the mask is empty.""",
        [replace(NO_HITS, 'return float("nan")'), replace(NO_ERROR, "return x.dtype.type(np.nan)")],
        [replace(NO_HITS, "raise ZeroDivisionError"), replace(NO_ERROR, "raise ZeroDivisionError")],
    ),
    Mistake(
        "uint8_wraps_around",
        "Differences are computed in the integer type of the input",
        """In uint8 3 − 5 is 254, and 20² is 144. Convert integers to float64 before anything is subtracted.""",
        [
            replace(
                "reconstruction, x, is_masked = as_float(reconstruction)",
                "as_given = np.asarray(reconstruction), np.asarray(x)\n    "
                "reconstruction, x, is_masked = as_float(reconstruction)",
            ),
            replace(ERROR, "squared_error = (as_given[0][is_masked] - as_given[1][is_masked]) ** 2"),
        ],
    ),
    Mistake(
        "modified_in_place",
        "An input is modified in place",
        """`corrupted = tokens` copies nothing: mask_id is then written into the tokens of the caller, and with them the
        answers are gone that the model is to be scored on. Write into `tokens.copy()`.""",
        replace(COPY, "corrupted = tokens"),
        [
            replace(HITS, f"{HITS}\n    predictions[~is_masked] = -1"),
            replace(ERROR, f"{ERROR}\n    reconstruction[~is_masked] = x[~is_masked]"),
        ],
        [
            replace(HITS, f"{HITS}\n    predictions[~is_masked] = tokens[~is_masked]"),
            replace(ERROR, f"{ERROR}\n    reconstruction[~is_masked] = 0\n    x[~is_masked] = 0"),
        ],
        replace(ERROR, f"reconstruction -= x\n    {ERROR.replace(' - x[is_masked]', '')}"),
    ),
    Mistake(
        "eighty_ten_ten",
        "Not every chosen token becomes mask_id, as in BERT",
        """BERT puts the mask in the place of 80 % of the chosen tokens, a random token in 10 % and leaves 10 % as they
        are. This exercise leaves that out: every chosen token becomes mask_id, and nothing more is drawn from rng.""",
        *(
            replace(CORRUPT, f"share = rng.random(tokens.shape)\n    {SOME_MASKED}\n    {more}")
            for more in (
                "pass",
                f"{SOME_RANDOM}\n    corrupted[is_random] = drawn_ids[is_random]",
                f"{SOME_RANDOM}\n    corrupted = np.where(is_random, rng.permutation(tokens), corrupted)",
            )
        ),
    ),
    Mistake(
        "another_error",
        "The error is not the mean square",
        """MSE is the mean of the squares. The mean of the magnitudes (MAE) and the root of the mean square (RMSE) are
        other errors, with other gradients.""",
        replace(ERROR, "squared_error = abs(reconstruction[is_masked] - x[is_masked])"),
        replace(MSE, "return np.sqrt(squared_error.sum() / element_count)"),
    ),
    Mistake(
        "share_of_misses",
        "The share of wrong predictions is returned",
        """The accuracy counts where prediction and token are equal. What is left is the error rate.""",
        replace(ACCURACY, "return float(1 - hits.sum() / masked_count)"),
        formula=r"\frac{\#\{\text{masked and right}\}}{\#\{\text{masked}\}}",
    ),
    Mistake(
        "percentage",
        "The accuracy is a percentage",
        """The fraction lies between 0 and 1; times 100 it is a percentage.""",
        replace(ACCURACY, "return float(100 * hits.sum() / masked_count)"),
    ),
    Mistake(
        "error_halved",
        "The mean squared error is halved, or divided by the variance",
        """The ½ is put before a squared error to make its derivative shorter, and the variance to compare data sets.
        Asked for is the mean of the squares.""",
        replace(MSE, "return squared_error.sum() / (2 * element_count)"),
        replace(MSE, "return squared_error.sum() / element_count / x.var()"),
    ),
    Mistake(
        "mask_not_boolean",
        "is_masked holds numbers instead of booleans",
        """`is_masked` is used as an index: an array of 0 and 1 then picks the first two rows again and again, where one
        of booleans picks what is masked.""",
        replace(MASK_ANSWER, "return corrupted, is_masked.astype(int)"),
        replace(MASK_ANSWER, "return corrupted, is_masked.astype(float)"),
    ),
    Mistake(
        "drawn_otherwise",
        "The positions are drawn in another way",
        """So that results can be compared, the draw is given: rng.random(tokens.shape) < p, one number for every
        position, in float64. binomial and float32 draws take other numbers from the same generator, one row of draws
        hides the same places everywhere, and an exact count is no independent chance.""",
        replace(DRAWN, "drawn = rng.binomial(1, p, tokens.shape).astype(bool)"),
        replace(DRAWN, "drawn = rng.random(tokens.shape, dtype=np.float32) < p"),
        replace(DRAWN, "drawn = np.broadcast_to(rng.random(tokens.shape[-1:]) < p, tokens.shape)"),
        replace(
            DRAWN,
            "u = rng.random(tokens.shape)\n"
            "    drawn = (u.ravel().argsort().argsort() < int(p * u.size)).reshape(u.shape)",
        ),
    ),
    Mistake(
        "only_special_masked",
        "Only special tokens are masked",
        """special_ids are those that are never masked. The condition is "drawn and not special".""",
        replace(MASKED, "is_masked = drawn & is_special"),
    ),
    Mistake(
        "unmasked_count_as_hits",
        "Positions that are not masked count as hits",
        """The count of hits is to be taken among the masked positions, like the number it is divided by.""",
        replace(ACCURACY, "return float((hits.sum() + (~is_masked).sum()) / masked_count)"),
    ),
]
