"""Known mistakes in gradient clipping."""

from grader.suite import Mistake, replace

BY_VALUE = "return [np.clip(g, -limit, limit) for g in grads]"
SQUARES = "sum_of_squares = sum((g**2).sum() for g in grads)"
NORM = "norm = np.sqrt(sum_of_squares)"
SCALE = "scale = max_norm / float(norm) if norm > max_norm else 1.0"
CLIPPED = "clipped = [g * scale for g in grads]"
RETURN = "return clipped, norm"
NORMS = "[np.sqrt((g**2).sum()) for g in grads]"


def both(by_value, by_norm):
    """The mistake in clipping by value, by norm, and in both."""
    return [by_value], [by_norm], [by_value, by_norm]


def by_value(element):
    return replace(BY_VALUE, f"return [{element} for g in grads]")


def norm(code):
    """Another norm, returned and used."""
    return replace(NORM, f"norms = {NORMS}\n    norm = {code}")


def returned(code):
    """Another norm, returned only."""
    return replace(RETURN, f"norms = {NORMS}\n    return clipped, {code}")


PER_ARRAY = replace(
    CLIPPED, f"clipped = [g * (max_norm / float(n) if n > max_norm else 1.0) for g, n in zip(grads, {NORMS})]"
)
IN_PLACE = replace(CLIPPED, f"for g in grads:\n        g *= scale\n    {CLIPPED.replace('g * scale', 'g')}")

MISTAKES = [
    Mistake(
        "per_array_norm",
        "Each array is clipped by its own norm",
        """The norm is asked for of all gradients together. With a factor of its own for each array, some parameters
        are scaled and others are not, so the step points another way than the gradient, and the joint norm may
        still exceed max_norm: clipped to 1 each, a hundred arrays have the norm 10. Add up the squares of all
        arrays first.""",
        PER_ARRAY,
        *(
            [PER_ARRAY, returned(code)]
            for code in ("norms", "norms[-1]", "sum(norms)", "max(norms)", "np.array(norms)")
        ),
        formula=r"\|g\| = \sqrt{\textstyle\sum_i \|g_i\|^2}",
    ),
    Mistake(
        "scaled_up",
        "Small gradients are scaled up to max_norm",
        """The factor max_norm / norm is above 1 where the norm is below max_norm, so small gradients are blown up to
        the bound, at the end of training above all, where steps ought to become small. Scale only if norm >
        max_norm, which is a factor of min(1, max_norm / norm).""",
        replace(SCALE, "scale = max_norm / norm"),
        replace(SCALE, "scale = max_norm / norm if norm > 0 else 1.0"),
        replace(SCALE, "scale = max_norm / float(norm)"),
        replace(SCALE, "scale = max_norm / norm if norm < max_norm else 1.0"),
    ),
    Mistake(
        "modified_in_place",
        "The gradients are modified in place",
        """`g *= scale`, `np.clip(g, ..., out=g)` and the like write into the arrays that the caller passed in, who
        then has clipped gradients where unclipped ones were, and no way back. Build new arrays: `[g * scale for g
        in grads]`.""",
        *both(replace(BY_VALUE, "return [np.clip(g, -limit, limit, out=g) for g in grads]"), IN_PLACE),
    ),
    Mistake(
        "norms_combined_wrongly",
        "The norms of the arrays are put together wrongly",
        """The squares of the norms add up, not the norms: with norms of 3 and 4 the joint norm is 5, not 7, √7, 25 or
        4. Sum the squares of every element of every array and take one root at the end, as if they stood in one
        long vector.""",
        *(
            norm(code)
            for code in (
                "sum(norms)",
                "np.sqrt(sum(norms))",
                "sum_of_squares",
                "np.sqrt(sum(n**4 for n in norms))",
                "max(norms)",
                "norms[-1]",
                "norms[0]",
                "np.sqrt(sum_of_squares / len(norms))",
                "np.sqrt(sum_of_squares / sum(g.size for g in grads))",
                "sum(norms) / len(norms)",
                "sum(np.abs(g).sum() for g in grads)",
                "np.sqrt(sum(g.sum() ** 2 for g in grads))",
                "np.sqrt(np.abs(sum(g.sum() for g in grads)))",
                "np.sqrt(sum((g**2).mean() for g in grads))",
            )
        ),
        formula=r"\|g\| = \sqrt{\textstyle\sum_i \|g_i\|^2} \ne \textstyle\sum_i \|g_i\|",
    ),
    Mistake(
        "spectral_norm",
        "A matrix norm other than that of its elements is used",
        """np.linalg.norm(g, 2) of a matrix is its largest singular value, not the root of the sum of its squares, and
        it does not exist for arrays of more dimensions. Leave out the order, or flatten the array first.""",
        replace(SQUARES, "sum_of_squares = sum(np.linalg.norm(g, 2) ** 2 for g in grads)"),
    ),
    Mistake(
        "sign_lost",
        "The sign of the gradients is lost",
        """The sign says which way to go. Clipping bounds the size of an element and keeps its sign: −7 becomes −limit,
        not limit. Clip to [−limit, limit]; absolute values serve only to measure a norm.""",
        *both(
            by_value("np.minimum(np.abs(g), limit)"), replace(CLIPPED, "clipped = [np.abs(g) * scale for g in grads]")
        ),
        by_value("np.where(np.abs(g) > limit, limit, g)"),
        replace(CLIPPED, "clipped = [np.abs(g) * scale if norm > max_norm else g for g in grads]"),
    ),
    Mistake(
        "one_sided",
        "Only one side is clipped",
        """Gradients explode in both directions. A single np.minimum leaves −1000 as it is, np.maximum leaves 1000, and
        a lower bound of 0 throws away all negative gradients. The bounds are −limit and limit.""",
        by_value("np.minimum(g, limit)"),
        by_value("np.maximum(g, -limit)"),
        by_value("np.clip(g, 0, limit)"),
    ),
    Mistake(
        "nan_on_zero_gradients",
        "Gradients of zero become NaN, or raise an error",
        """The norm of zero gradients is 0, and so may be max_norm: a division by it gives 0/0, which is NaN in NumPy
        and a ZeroDivisionError with Python's floats. Divide only where norm > max_norm, which excludes a norm of 0.
        Such gradients occur: behind a dead ReLU, or for a part of the model that a batch does not use.""",
        replace(CLIPPED, "clipped = [g / norm * min(float(norm), max_norm) for g in grads]"),
        replace(SCALE, "scale = np.minimum(1.0, max_norm / norm).astype(norm.dtype)"),
        replace(SCALE, "scale = min(1.0, max_norm / float(norm))"),
        replace(SCALE, "scale = max_norm / float(norm) if norm >= max_norm else 1.0"),
        formula=r"\min\Big(1, \frac{0}{0}\Big)",
    ),
    Mistake(
        "never_applied",
        "The gradients are returned unclipped",
        """The norm is right, but the gradients that come back are the ones that went in: the scaled arrays are
        computed and dropped, or never computed. Training goes on as if there were no clipping, as with an optimizer
        whose clipping is configured and never used. Return the new arrays, and check that their norm is at most
        max_norm.""",
        *both(
            by_value("g.copy()"),
            replace(RETURN, "return [g.copy() for g in grads], norm"),
        ),
        textbook=True,
    ),
    Mistake(
        "norm_after_clipping",
        "The norm is that of the clipped gradients",
        """The norm serves to watch training, and after clipping it is never above max_norm: explosions no longer show.
        Return the norm that was computed before clipping.""",
        replace(RETURN, "return clipped, np.sqrt(sum((g**2).sum() for g in clipped))"),
        replace(RETURN, "return clipped, min(float(norm), max_norm)"),
    ),
    Mistake(
        "epsilon_added",
        "A small number is added to the norm",
        """Libraries add 10⁻⁶ to the norm so that nothing is divided by zero; here the factor is asked to be exactly
        max_norm / norm. For gradients of ordinary size the difference is small, for tiny ones it is not. Where norm
        > max_norm no division by zero can happen.""",
        *(
            replace(SCALE, f"scale = min(1.0, max_norm / (float(norm) + {e}))")
            for e in ("1e-6", "1e-7", "1e-8", "1e-5")
        ),
    ),
    Mistake(
        "zero_is_no_bound",
        "A bound of 0 is taken for no clipping",
        """In `if limit:` a 0 counts as false, like None. A bound of 0 is a bound all the same: no gradient is to be
        larger, so all of them become 0.""",
        *both(
            by_value("np.clip(g, -limit, limit) if limit else g"),
            replace(SCALE, SCALE.replace("norm > max_norm", "norm > max_norm > 0")),
        ),
    ),
    Mistake(
        "largest_element_for_norm",
        "The largest element is taken for the norm",
        """The largest absolute value is a norm, too, but not the one that is asked for: gradients of many elements are
        longer than their largest one. Sum the squares of all elements and take the root.""",
        norm("max((np.abs(g).max(initial=0) for g in grads), default=0.0)"),
        returned("max((np.abs(g).max(initial=0) for g in grads), default=0.0)"),
        norm("max((g.max(initial=0) for g in grads), default=0.0)"),
        formula=r"\|g\|_2 = \sqrt{\textstyle\sum_k g_k^2} \ge \max_k |g_k|",
    ),
    Mistake(
        "results_swapped",
        "The norm is returned before the gradients",
        """`clipped, norm = clip_by_global_norm(…)`: the gradients come first. Here the norm stands in their place.""",
        replace(RETURN, "return norm, clipped"),
    ),
    Mistake(
        "divided_by_norm_alone",
        "The gradients are scaled to norm 1 instead of max_norm",
        """g / norm has length 1. Times max_norm it has the length that is allowed.""",
        replace(SCALE, "scale = 1 / float(norm) if norm > max_norm else 1.0"),
    ),
    Mistake(
        "scale_returned",
        "The factor is returned instead of the norm",
        """The second result is the norm before clipping, which is what one logs to see gradients explode.""",
        replace(RETURN, "return clipped, scale"),
    ),
    Mistake(
        "large_values_zeroed",
        "Values beyond the limit are set to 0 or squeezed, not to the limit",
        """A large gradient is shortened to ±limit; it is not thrown away, and smaller ones stay exactly as they
        are.""",
        replace(BY_VALUE, "return [np.where(np.abs(g) > limit, 0, g).astype(g.dtype) for g in grads]"),
        replace(BY_VALUE, "return [(limit * np.tanh(g / (limit or 1))).astype(g.dtype) for g in grads]"),
    ),
    Mistake(
        "array_scaled_to_its_largest",
        "Whole arrays are scaled by their largest value instead of clipping each value",
        """Clipping by value looks at each number alone. Scaling an array until its largest fits makes all others
        smaller, too.""",
        replace(
            BY_VALUE,
            "return [g * g.dtype.type(min(1.0, limit / max(float(np.abs(g).max(initial=0)), 1e-300))) for g in grads]",
        ),
    ),
]
