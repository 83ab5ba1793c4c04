"""Known mistakes in pruning, quantization and dequantization."""

from grader.suite import Mistake, define, replace

AS_FLOAT = "return x if x.dtype in (np.float32, np.float64) else x.astype(np.float64)"
COUNT = "count = math.floor(sparsity * weights.size)"
MAGNITUDES = "magnitudes = np.abs(weights).ravel()"
ORDER = 'order = np.argsort(magnitudes, kind="stable")'
KEPT = "keep[order[:count]] = False"
MASK = "mask = keep.reshape(weights.shape)"
PRUNED = "pruned = weights.copy()"
PRUNE_RESULT = "return pruned, mask"
LOW, HIGH = "low = min(wide.min(), 0.0)", "high = max(wide.max(), 0.0)"
TOP = "top = 2**num_bits - 1"
SCALE = "scale = x.dtype.type((high - low) / top)"
ZERO_SCALE = "    if scale == 0:\n        scale = x.dtype.type(1)\n"
ZERO_POINT = "zero_point = int(np.clip(np.rint(-low / step), 0, top))"
LEVELS = "levels = np.rint(wide / step) + zero_point"
CLIPPED = "q = np.clip(levels, 0, top)"
RESULT = "return q.astype(smallest_unsigned(num_bits)), scale, zero_point"
OFFSETS = "offsets = np.asarray(q).astype(np.int64) - zero_point"
VALUES = "values = offsets * np.float64(scale)"
DEQUANTIZED = "return values.astype(scale.dtype)"

SIGNED = "{1: np.int8, 2: np.int16, 4: np.int32}[np.dtype(smallest_unsigned(num_bits)).itemsize]"


def mask(*lines):
    """Another way to make the mask."""
    return replace(MASK, "\n    ".join([*lines[:-1], f"mask = {lines[-1]}.reshape(weights.shape)"]))


MIN_ONLY, MAX_ONLY = replace(LOW, "low = wide.min()"), replace(HIGH, "high = wide.max()")
ZERO_POINT_UNCLIPPED = replace(ZERO_POINT, "zero_point = int(np.rint(-low / step))")
ZERO_POINT_TRUNCATED = replace(ZERO_POINT, "zero_point = int(np.clip(int(-low / step), 0, top))")
ANSWERED_AT_ONCE = replace(
    ZERO_SCALE,
    "    if scale == 0:\n        return np.zeros(x.shape, smallest_unsigned(num_bits)), x.dtype.type(1), 0\n",
)
SORTED = "ranked = np.sort(magnitudes)"


LOW, HIGH = "low = min(wide.min(), 0.0)", "high = max(wide.max(), 0.0)"

MISTAKES = [
    Mistake(
        "value_not_magnitude",
        "The smallest values are pruned, not the smallest magnitudes",
        """−5 is smaller than 0.1, but it matters more to the output: what counts is the distance from zero. Rank the
        weights by np.abs(w). Pruning by value throws away the large negative weights first, and keeps tiny positive
        ones.""",
        replace(MAGNITUDES, "magnitudes = weights.ravel()"),
        [
            replace(MAGNITUDES, "magnitudes = weights.ravel()"),
            mask(SORTED, "(magnitudes > ranked[count - 1] if count else keep)"),
        ],
    ),
    Mistake(
        "threshold_ties",
        "A threshold decides, so equal magnitudes are pruned all together or not at all",
        """Comparing with the k-th smallest magnitude cannot tell equal magnitudes apart: > prunes all of them, >=
        keeps all, and the number pruned is no longer ⌊sparsity·size⌋. A quantile lies between two magnitudes, and
        misses the number even without ties. Sort the positions (np.argsort with kind="stable") and prune the first
        k.""",
        mask(SORTED, "(magnitudes > ranked[count - 1] if count else keep)"),
        mask(SORTED, "(magnitudes >= ranked[count] if count < len(ranked) else keep)"),
        mask(SORTED, "(magnitudes > ranked[count - 1])"),
        mask(SORTED, "(magnitudes >= ranked[count])"),
        mask(SORTED, "(magnitudes > ranked[min(count, len(ranked) - 1)])"),
        mask(SORTED, "(magnitudes >= ranked[min(count, len(ranked) - 1)])"),
        mask(SORTED, "(magnitudes >= ranked[count - 1] if count else keep)"),
        mask("(magnitudes > np.quantile(magnitudes, sparsity))"),
        mask("(magnitudes >= np.quantile(magnitudes, sparsity))"),
        mask("(magnitudes > np.quantile(magnitudes, sparsity) if sparsity else keep)"),
        mask("(magnitudes >= np.quantile(magnitudes, sparsity) if sparsity < 1 else keep)"),
        formula=r"k = \lfloor \text{sparsity} \cdot \text{size} \rfloor",
    ),
    Mistake(
        "ties_from_the_end",
        "Among equal magnitudes the later position is pruned first",
        """Where magnitudes are equal, the earlier position goes first. Sorting downwards and keeping the front, or
        reversing a sorted order, keeps the earlier ones instead.""",
        replace(ORDER, "order = np.argsort(-magnitudes, kind='stable')[::-1]"),
        replace(ORDER, "order = len(magnitudes) - 1 - np.argsort(magnitudes[::-1], kind='stable')"),
    ),
    Mistake(
        "unstable_sort",
        "The sort is not stable, so equal magnitudes are pruned in no particular order",
        """np.argsort and np.argpartition may exchange equal elements, and do so in larger arrays, while small ones
        come out as expected. With kind="stable" equal magnitudes keep the order of their positions.""",
        replace(ORDER, "order = np.argsort(magnitudes)"),
        replace(ORDER, "order = np.argpartition(magnitudes, min(count, len(magnitudes) - 1))"),
        replace(ORDER, "order = np.argpartition(magnitudes, count - 1) if count else magnitudes.astype(int)"),
    ),
    Mistake(
        "per_row",
        "Each row or column is pruned on its own",
        """The smallest weights of the whole array are to go. Pruned row by row, a row of large weights loses some of
        them, while a row of tiny weights keeps its own, and rounding down in each row prunes too few in all. Flatten
        the weights first.""",
        define(
            """
            def magnitude_prune(weights, sparsity, whole=magnitude_prune):
                weights = as_float(weights)
                if weights.ndim < 2:
                    return whole(weights, sparsity)
                rows = [whole(row, sparsity) for row in weights.reshape(-1, weights.shape[-1])]
                return tuple(np.stack(part).reshape(weights.shape) for part in zip(*rows))
            """
        ),
        define(
            """
            def magnitude_prune(weights, sparsity, whole=magnitude_prune):
                weights = as_float(weights)
                if weights.ndim < 2:
                    return whole(weights, sparsity)
                return tuple(np.stack(part) for part in zip(*[whole(row, sparsity) for row in weights]))
            """
        ),
        define(
            """
            def magnitude_prune(weights, sparsity, whole=magnitude_prune):
                weights = as_float(weights)
                if weights.ndim < 2:
                    return whole(weights, sparsity)
                columns = np.moveaxis(weights, 0, -1)
                parts = zip(*[whole(column, sparsity) for column in columns.reshape(-1, columns.shape[-1])])
                return tuple(np.moveaxis(np.stack(part).reshape(columns.shape), -1, 0) for part in parts)
            """
        ),
        define(
            """
            def magnitude_prune(weights, sparsity, whole=magnitude_prune):
                weights = as_float(weights)
                if weights.ndim < 2:
                    return whole(weights, sparsity)
                threshold = np.quantile(np.abs(weights), sparsity, axis=-1, keepdims=True)
                mask = np.abs(weights) > threshold
                return weights * mask, mask
            """
        ),
        define(
            """
            def magnitude_prune(weights, sparsity, whole=magnitude_prune):
                weights = as_float(weights)
                if weights.ndim < 2:
                    return whole(weights, sparsity)
                mask = np.abs(weights) >= np.quantile(np.abs(weights), sparsity, axis=-1, keepdims=True)
                return weights * mask, mask
            """
        ),
    ),
    Mistake(
        "count_rounded",
        "The number of pruned weights is not rounded down",
        """⌊sparsity·size⌋ weights are pruned: 6.7 means 6. Rounding to the nearest or upwards prunes one too many,
        and so does rounding down the number of those that are kept.""",
        replace(COUNT, "count = round(sparsity * weights.size)"),
        replace(COUNT, "count = math.ceil(sparsity * weights.size)"),
        replace(COUNT, "count = weights.size - int((1 - sparsity) * weights.size)"),
    ),
    Mistake(
        "sparsity_inverted",
        "The sparsity is taken for the part that is kept",
        """A sparsity of 0.9 means that nine weights in ten are zero. Pruning the other part leaves a dense array.""",
        replace(COUNT, "count = math.floor((1 - sparsity) * weights.size)"),
        replace(COUNT, "count = weights.size - math.floor(sparsity * weights.size)"),
    ),
    Mistake(
        "largest_pruned",
        "The largest magnitudes are pruned",
        """The weights that contribute least should go: those with the smallest magnitudes. Sorted downwards, the
        front of the order holds the ones to keep.""",
        replace(ORDER, "order = np.argsort(-magnitudes, kind='stable')"),
        replace(KEPT, "keep[order[weights.size - count :]] = False"),
    ),
    Mistake(
        "mask_inverted",
        "The mask is True where a weight was pruned",
        """The mask says what is kept, so that weights * mask are the pruned weights. With the opposite meaning
        whoever multiplies by it keeps just the weights that should have gone.""",
        replace(PRUNE_RESULT, "return pruned, ~mask"),
    ),
    Mistake(
        "mask_not_boolean",
        "The mask holds numbers instead of booleans",
        """An array of 0.0 and 1.0 multiplies as well as a boolean one, but it cannot select: weights[mask] fails, and
        ~mask, too. A comparison gives booleans by itself; np.ones needs dtype=bool.""",
        replace(PRUNE_RESULT, "return pruned, mask.astype(weights.dtype)"),
        replace(PRUNE_RESULT, "return pruned, mask.astype(int)"),
        replace(PRUNE_RESULT, "return pruned, mask.astype(np.uint8)"),
    ),
    Mistake(
        "zero_not_representable",
        "The range does not reach to 0, so 0.0 has no level of its own",
        """Zeros are everywhere in a network: padding, ReLU, pruned weights. They must survive exactly, so the range
        is stretched to hold 0 even if all values lie on one side of it. Otherwise 0 lies outside the levels, the zero
        point is clipped, and the values at the far end are, too.""",
        [MIN_ONLY, MAX_ONLY],
        [MIN_ONLY, MAX_ONLY, ZERO_POINT_UNCLIPPED],
        MIN_ONLY,
        MAX_ONLY,
        [MIN_ONLY, ZERO_POINT_UNCLIPPED],
        [MAX_ONLY, ZERO_POINT_UNCLIPPED],
        [MIN_ONLY, MAX_ONLY, replace(LEVELS, "levels = np.rint((wide - low) / step)")],
        [MIN_ONLY, MAX_ONLY, ZERO_POINT_UNCLIPPED, replace(LEVELS, "levels = np.rint((wide - low) / step)")],
        # And what is left of a constant, whose range has no width then, is answered at once.
        [MIN_ONLY, MAX_ONLY, ANSWERED_AT_ONCE],
        [MIN_ONLY, MAX_ONLY, ANSWERED_AT_ONCE, ZERO_POINT_UNCLIPPED],
        [MIN_ONLY, MAX_ONLY, ANSWERED_AT_ONCE, replace(LEVELS, "levels = np.rint((wide - low) / step)")],
        [
            MIN_ONLY,
            MAX_ONLY,
            ANSWERED_AT_ONCE,
            ZERO_POINT_UNCLIPPED,
            replace(LEVELS, "levels = np.rint((wide - low) / step)"),
        ],
        formula=r"low = \min(\min x, 0), \quad high = \max(\max x, 0)",
    ),
    Mistake(
        "shifted_before_rounding",
        "The shift by the zero point is rounded together with the value",
        """rint((x − low)/scale) rounds once, after shifting by the exact −low/scale. The definition rounds x/scale
        and the zero point each for itself, so that equal distances from 0 are rounded alike on both sides. Some
        levels differ by one.""",
        replace(LEVELS, "levels = np.rint((wide - low) / step)"),
    ),
    Mistake(
        "zero_point_unrounded",
        "The zero point is not rounded to an integer",
        """−low/scale is the place of 0.0 among the levels, and it lies between two of them as a rule. Unrounded it is
        no level, so 0.0 cannot be stored exactly, and integer arithmetic, which is the point of quantization, is
        impossible. Round it with np.rint and convert it to int.""",
        replace(ZERO_POINT, "zero_point = float(np.clip(-low / step, 0, top))"),
        replace(ZERO_POINT, "zero_point = float(-low / step)"),
        [
            replace(ZERO_POINT, "zero_point = float(np.clip(-low / step, 0, top))"),
            replace(LEVELS, "levels = np.rint(wide / step + zero_point)"),
        ],
        [
            replace(ZERO_POINT, "zero_point = float(np.clip(-low / step, 0, top))"),
            replace(CLIPPED, "q = np.rint(np.clip(levels, 0, top))"),
        ],
        [
            replace(ZERO_POINT, "zero_point = x.dtype.type(np.clip(-low / step, 0, top))"),
            replace(LEVELS, "levels = np.rint(wide / step + zero_point)"),
        ],
    ),
    Mistake(
        "zero_point_not_int",
        "The zero point is a rounded number, but no int",
        """np.rint gives a floating-point number, 12.0 instead of 12. The zero point is a level like those in q, so it
        is an integer: int(np.rint(…)).""",
        replace(ZERO_POINT, "zero_point = np.clip(np.rint(-low / step), 0, top)"),
        replace(ZERO_POINT, "zero_point = float(np.clip(np.rint(-low / step), 0, top))"),
        replace(RESULT, RESULT.replace(", zero_point", ", float(zero_point) if wide.any() else 0")),
    ),
    Mistake(
        "zero_range_divides",
        "A range of width 0 is divided by",
        """If all values are 0, the range has width 0, so has the scale, and 0/0 is NaN: converting that to an integer
        raises, or gives an arbitrary number. Such an input gets scale 1 and zero point 0. Without a range that holds
        0 every constant input has this trouble.""",
        replace(ZERO_SCALE, ""),
        [replace(ZERO_SCALE, ""), replace(SCALE, SCALE + "\n    if scale == 0:\n        raise ZeroDivisionError")],
        replace(
            ZERO_SCALE, "    if scale == 0:\n        return np.zeros(x.shape, smallest_unsigned(num_bits)), scale, 0\n"
        ),
        replace(ZERO_SCALE, ZERO_SCALE.replace("type(1)", "type(1e-8)")),
        replace(ZERO_SCALE, ZERO_SCALE.replace("type(1)", "type(1e-12)")),
        replace(ZERO_SCALE, ZERO_SCALE.replace("type(1)", "type(np.finfo(x.dtype).eps)")),
        replace(
            ZERO_SCALE,
            "    if scale == 0:\n"
            "        return np.zeros(x.shape, smallest_unsigned(num_bits)), x.dtype.type(np.nan), 0\n",
        ),
        [replace(ZERO_SCALE, ""), MIN_ONLY, MAX_ONLY],
    ),
    Mistake(
        "constant_special",
        "Every constant input is treated like zeros",
        """Only an all-zero input has a range of width 0: for any other constant the range reaches from 0 to it, and
        the constant gets the last level (or the first). Answering scale 1 and zero point 0 rounds the constant to an
        integer.""",
        replace(ZERO_SCALE, "    if wide.min() == wide.max():\n        scale = x.dtype.type(1)\n"),
        replace(
            ZERO_SCALE,
            "    if wide.min() == wide.max():\n"
            "        return np.zeros(x.shape, smallest_unsigned(num_bits)), x.dtype.type(1), 0\n",
        ),
    ),
    Mistake(
        "not_clipped",
        "The levels are not clipped to 0..2^b − 1",
        """x/scale and the zero point are rounded each for itself, and if both go up, the largest value gets the level
        2^b. In uint8 that is 256, which wraps around to 0: the largest value comes back as the smallest. Clip before
        the conversion.""",
        replace(CLIPPED, "q = levels"),
        replace(CLIPPED, "q = np.maximum(levels, 0)"),
        replace(CLIPPED, "q = np.clip(levels, 0, top + 1)"),
        [replace(CLIPPED, "q = levels.astype(np.int64)")],
    ),
    Mistake(
        "signed_range",
        "The levels are signed",
        """Signed levels run from −2^(b−1) to 2^(b−1) − 1, unsigned ones from 0 to 2^b − 1. Both are in use, and
        mixing them shifts everything by half the range, or wraps around. Here levels are unsigned, and the zero point
        is where 0.0 lies among them.""",
        [
            replace(ZERO_POINT, "zero_point = int(np.rint(-low / step)) - 2 ** (num_bits - 1)"),
            replace(CLIPPED, "q = np.clip(levels, -(2 ** (num_bits - 1)), 2 ** (num_bits - 1) - 1)"),
            replace(RESULT, f"return q.astype({SIGNED}), scale, zero_point"),
        ],
        [
            replace(CLIPPED, "q = np.clip(levels, -(2 ** (num_bits - 1)), 2 ** (num_bits - 1) - 1)"),
            replace(RESULT, f"return q.astype({SIGNED}), scale, zero_point"),
        ],
        replace(RESULT, f"return q.astype({SIGNED}), scale, zero_point"),
        replace(RESULT, f"return (q - 2 ** (num_bits - 1)).astype({SIGNED}), scale, zero_point"),
        [
            replace(SCALE, "scale = x.dtype.type(max(high, -low) / (2 ** (num_bits - 1) - 1))"),
            replace(ZERO_POINT, "zero_point = 0"),
            replace(CLIPPED, "q = np.clip(levels, -(2 ** (num_bits - 1)), 2 ** (num_bits - 1) - 1)"),
            replace(RESULT, f"return q.astype({SIGNED}), scale, zero_point"),
        ],
        [
            replace(TOP, "top = 2 ** (num_bits - 1) - 1"),
        ],
        [
            replace(ZERO_POINT, "zero_point = int(np.rint(-low / step)) - 2 ** (num_bits - 1)"),
            replace(CLIPPED, "q = np.clip(levels, -(2 ** (num_bits - 1)), 2 ** (num_bits - 1) - 1)"),
            replace(RESULT, "return q.astype(np.int8), scale, zero_point"),
        ],
        formula=r"q \in \{0, \ldots, 2^b - 1\}",
    ),
    Mistake(
        "truncated",
        "Numbers are cut off instead of rounded",
        """astype(int), int() and // cut the fraction off: 2.9 becomes 2. The error is then up to a whole step instead
        of half a step, and all errors go in one direction, so they add up. Use np.rint before converting.""",
        replace(LEVELS, "levels = np.trunc(wide / step) + zero_point"),
        replace(LEVELS, "levels = np.floor(wide / step) + zero_point"),
        [replace(LEVELS, "levels = np.trunc(wide / step) + zero_point"), ZERO_POINT_TRUNCATED],
        [replace(LEVELS, "levels = np.floor(wide / step) + zero_point"), ZERO_POINT_TRUNCATED],
        ZERO_POINT_TRUNCATED,
        replace(LEVELS, "levels = np.floor((wide - low) / step)"),
        [replace(LEVELS, "levels = np.floor((wide - low) / step)"), ZERO_POINT_TRUNCATED],
        replace(LEVELS, "levels = np.ceil(wide / step) + zero_point"),
    ),
    Mistake(
        "steps_off_by_one",
        "The range is divided into 2^b steps",
        """2^b levels have 2^b − 1 steps between them, as five fingers have four gaps. With 2^b steps the last level
        lies beyond the range, and the largest value does not get it, or is clipped.""",
        replace(SCALE, "scale = x.dtype.type((high - low) / 2**num_bits)"),
        replace(TOP, "top = 2**num_bits"),
        [
            replace(SCALE, "scale = x.dtype.type((high - low) / 2**num_bits)"),
            replace(CLIPPED, "q = np.minimum(levels, top)"),
        ],
    ),
    Mistake(
        "dtype_of_levels",
        "The levels are not in the smallest unsigned dtype that holds them",
        """Quantization is there to save memory: 8 bits belong into uint8, not into int64, and no floating-point
        number saves any. A dtype that is too small is worse, because 12-bit levels in uint8 wrap around.""",
        replace(RESULT, "return q.astype(np.int64), scale, zero_point"),
        replace(RESULT, "return q.astype(np.int32), scale, zero_point"),
        replace(RESULT, "return q, scale, zero_point"),
        replace(RESULT, "return q.astype(np.int64).astype(np.uint8), scale, zero_point"),
        replace(RESULT, "return q.astype(np.uint32), scale, zero_point"),
        replace(RESULT, "return q.astype(np.uint64), scale, zero_point"),
        replace(
            RESULT, "return q.astype(np.uint8 if num_bits < 8 else smallest_unsigned(num_bits + 1)), scale, zero_point"
        ),
    ),
    Mistake(
        "dequantize_wraps",
        "The zero point is subtracted from unsigned integers",
        """uint8(3) − 5 is 254, not −2: unsigned arithmetic wraps around, without a warning, so every level below the
        zero point comes back as a large positive value. Convert q to a signed or floating-point dtype before
        subtracting.""",
        replace(OFFSETS, "offsets = np.asarray(q) - np.asarray(q).dtype.type(zero_point)"),
        replace(OFFSETS, "offsets = (np.asarray(q) - np.asarray(q).dtype.type(zero_point)).astype(np.int64)"),
    ),
    Mistake(
        "dequantize_without_zero_point",
        "The zero point is left out or misplaced on the way back",
        """Quantizing divides by the scale and adds the zero point; the way back undoes that in the reverse order:
        subtract the zero point, then multiply by the scale.""",
        replace(OFFSETS, "offsets = np.asarray(q).astype(np.int64)"),
        replace(OFFSETS, "offsets = np.asarray(q).astype(np.int64) + zero_point"),
        replace(VALUES, "values = np.asarray(q) * np.float64(scale) - zero_point"),
        replace(VALUES, "values = np.asarray(q) * np.float64(scale) + zero_point"),
        formula=r"x \approx s \cdot (q - z)",
    ),
    Mistake(
        "dequantize_divides",
        "The scale divides on the way back instead of multiplying",
        """The scale is the size of one step: quantizing divides by it to count steps, and the way back multiplies the
        number of steps by it.""",
        replace(VALUES, "values = offsets / np.float64(scale)"),
        formula=r"x \approx s \cdot (q - z)",
    ),
    Mistake(
        "float32_promoted",
        "float32 is promoted to float64",
        """A float32 scalar times an int64 array gives float64 in NumPy, and so does np.float64 in any operation. The
        answer has the dtype of the input: convert it back, or stay in float32.""",
        replace(DEQUANTIZED, "return values"),
        replace(SCALE, "scale = (high - low) / top"),
        [replace(SCALE, "scale = (high - low) / top"), replace(DEQUANTIZED, "return values")],
        replace(PRUNE_RESULT, "return pruned.astype(np.float64), mask"),
        replace(AS_FLOAT, "return x.astype(np.float64)"),
    ),
    Mistake(
        "modified_in_place",
        "An input is modified in place",
        """`weights[~mask] = 0` writes into the array that the caller passed in, and so does `x /= scale`: np.asarray
        makes no copy of an array. The original weights are then lost. Copy first, or compute a new array with
        np.where.""",
        replace(PRUNED, "pruned = weights"),
        replace(LEVELS, "x /= step\n    levels = np.rint(x.astype(np.float64)) + zero_point"),
        replace(OFFSETS, "q -= np.asarray(q).dtype.type(zero_point)\n    offsets = q.astype(np.int64)"),
    ),
    Mistake(
        "symmetric_range",
        "The range is taken to be symmetric around zero",
        """Symmetric quantisation uses the largest magnitude on both sides, which suits weights. Values that lie mostly
        on one side, as after a ReLU, then use half of the levels. The affine form lets the range begin at the smallest
        value and end at the largest, with 0 inside.""",
        [replace(LOW, "low = -np.abs(wide).max()"), replace(HIGH, "high = np.abs(wide).max()")],
        [
            replace(SCALE, "scale = x.dtype.type(max(high, -low) / (2 ** (num_bits - 1) - 1))"),
            replace(ZERO_POINT, "zero_point = 2 ** (num_bits - 1)"),
        ],
        [
            replace(SCALE, "scale = x.dtype.type(max(high, -low) / (2 ** (num_bits - 1) - 1))"),
            replace(ZERO_POINT, "zero_point = 2 ** (num_bits - 1) - 1"),
        ],
        [
            replace(SCALE, "scale = x.dtype.type(max(high, -low) / (2 ** (num_bits - 1) - 1))"),
            replace(ZERO_POINT, "zero_point = 0"),
        ],
        [replace(SCALE, "scale = x.dtype.type(max(high, -low) / top)"), replace(ZERO_POINT, "zero_point = 0")],
    ),
    Mistake(
        "sparsity_as_threshold",
        "The sparsity is taken for a threshold of the magnitudes",
        """A sparsity of 0.5 means that half of the weights go, however large they are. As a threshold, absolute or as a
        part of the largest magnitude, it prunes a number that depends on the weights.""",
        replace(KEPT, "keep[magnitudes <= sparsity] = False"),
        replace(KEPT, "keep[magnitudes < sparsity] = False"),
        replace(KEPT, "keep[magnitudes < sparsity * magnitudes.max(initial=0)] = False"),
    ),
    Mistake(
        "kept_weights_scaled",
        "The kept weights are divided by 1 − sparsity, as in dropout",
        """A kept weight is unchanged. Dropout scales because it drops other elements every time; pruned weights are
        gone for good.""",
        replace(
            "pruned[~mask] = 0", "pruned[~mask] = 0\n    pruned = pruned / (1 - sparsity) if sparsity < 1 else pruned"
        ),
    ),
    Mistake(
        "zero_point_sign",
        "The zero point has the wrong sign",
        """zero_point = rint(−low/scale) is the level of 0.0, and q = rint(x/scale) + zero_point. With a sign turned
        around most levels lie outside 0..2^b − 1 and are clipped.""",
        replace(LEVELS, "levels = np.rint(wide / step) - zero_point"),
        replace(ZERO_POINT, ZERO_POINT.replace("-low", "low")),
    ),
    Mistake(
        "scale_inverted",
        "The scale is inverted, or x is multiplied by it",
        """scale is the width of one level in x: x / scale counts levels. Some libraries keep 1/scale; here it is the
        width itself.""",
        replace(LEVELS, "levels = np.rint(wide * step) + zero_point"),
        replace(RESULT, RESULT.replace("scale, zero_point", "x.dtype.type(1 / scale), zero_point")),
    ),
    Mistake(
        "half_rounded_up",
        "Halves are rounded up, not to the even number",
        """rint rounds 0.5 to 0 and 1.5 to 2: always up, as with floor(x + 0.5), the levels are too high on average.""",
        [
            replace(LEVELS, "levels = np.floor(wide / step + 0.5) + zero_point"),
        ],
    ),
]
