"""Known mistakes in dropout and its backward pass."""

from grader.suite import Mistake, replace

TEST_TIME = "if not training:\n        return x.copy(), np.ones_like(x)"
KEEP = "keep = rng.random(x.shape) >= p"
MASK = "mask = keep.astype(x.dtype)"
OUTPUT = "output = x * mask / (1 - p)"
RETURN = "return output, mask"
GRAD_KEPT = "grad_kept = grad_output * mask"
BACKWARD = "return grad_kept / (1 - p)"

# What one draw may decide for, where it should be one element.
SHARED = (
    "(*x.shape[:1], *[1] * (x.ndim - 1))",
    "(*x.shape[:-1], 1)",
    "x.shape[1:]",
    "x.shape[-1:]",
)


def both(forward, backward):
    """The mistake in the forward pass, in the backward pass, and in both."""
    return [forward], [backward], [forward, backward]


def keep(condition):
    return replace(KEEP, f"keep = {condition}")


def at_test_time(output, mask="np.ones_like(x)"):
    return replace(TEST_TIME, f"if not training:\n        return {output}, {mask}")


def kept_with_probability_p(condition, scale):
    return [keep(condition), replace(OUTPUT, f"output = x * mask / ({scale})")]


MISTAKES = [
    Mistake(
        "no_scaling",
        "What is kept is not scaled by 1/(1 − p)",
        """Only a share 1 − p of the elements is left, so the sums that the next layer computes are smaller in training
        than at test time, when everything is kept. Divide what is kept by 1 − p in training: then the expected
        value is that of x, and the test-time pass needs no correction.""",
        replace(OUTPUT, "output = x * mask"),
        formula=r"E[\text{output}] = (1 - p) \cdot \frac{x}{1 - p} + p \cdot 0 = x",
    ),
    Mistake(
        "scaled_at_test_time",
        "The output is scaled at test time",
        """Multiplying by 1 − p at test time belongs to the older dropout that does not scale in training. Inverted
        dropout has done its scaling in training already, so the test-time pass is the identity: return x and a mask
        of ones.""",
        at_test_time("x * (1 - p)"),
        at_test_time("x / (1 - p)"),
        at_test_time("x * p"),
        at_test_time("x * (1 - p)", "np.full_like(x, 1 - p)"),
    ),
    Mistake(
        "divided_by_p",
        "What is kept is divided by p instead of 1 − p",
        """p is the share that is dropped; the share that is kept, and that the scaling has to make up for, is 1 − p.
        With p = 0.5 the two are equal and the mistake stays hidden; with p = 0.1 the activations grow tenfold, and
        p = 0 divides by zero.""",
        *both(replace(OUTPUT, "output = x * mask / p"), replace(BACKWARD, "return grad_kept / p")),
        *both(replace(OUTPUT, "output = x * mask / (p or 1.0)"), replace(BACKWARD, "return grad_kept / (p or 1.0)")),
    ),
    Mistake(
        "multiplied_by_keep_probability",
        "What is kept is multiplied by 1 − p instead of divided",
        """Dropping has made the expected value smaller by the factor 1 − p already. Multiplying by it shrinks it once
        more; dividing makes up for it.""",
        *both(replace(OUTPUT, "output = x * mask * (1 - p)"), replace(BACKWARD, "return grad_kept * (1 - p)")),
        formula=r"E[\text{output}] = (1 - p) \cdot \frac{x}{1 - p} = x",
    ),
    Mistake(
        "p_keeps",
        "p is taken as the probability to keep",
        """p is the probability that an element is dropped, as in PyTorch; in the original paper it is the probability
        to keep. With p = 0.1, nine of ten elements vanish instead of one. An element is kept where its draw is at
        least p. p = 0.5 hides the mistake.""",
        *(
            variant
            for condition in ("rng.random(x.shape) < p", "rng.random(x.shape) >= 1 - p")
            for scale in ("p", "1 - p")
            for variant in (
                kept_with_probability_p(condition, scale),
                [*kept_with_probability_p(condition, scale), replace(BACKWARD, "return grad_kept / p")],
            )
        ),
        kept_with_probability_p("rng.random(x.shape) < p", "1"),
    ),
    Mistake(
        "other_draw",
        "The elements to keep are not those that the statement asks for",
        """Each element is kept with probability 1 − p, but not the ones the statement asks for: those where
        rng.random(x.shape) is at least p. `< 1 - p` and rng.binomial are as good in statistics, yet give another
        mask from the same generator, and results can no longer be compared number by number.""",
        keep("rng.random(x.shape) < 1 - p"),
        keep("rng.binomial(1, 1 - p, size=x.shape) > 0"),
        keep("rng.random(x.shape, dtype=x.dtype) >= p"),
    ),
    Mistake(
        "global_random_state",
        "The numbers are not drawn from `rng`",
        """np.random.rand and its kind use one hidden generator that the whole program shares, and a generator made
        inside the function gives the same mask, or a random one, on every call. The caller's `rng` has no effect,
        and results cannot be repeated. Draw with rng.random(x.shape).""",
        keep("np.random.rand(*x.shape) >= p"),
        keep("np.random.rand(*x.shape) < 1 - p"),
        keep("np.random.binomial(1, 1 - p, size=x.shape) > 0"),
        keep("np.random.default_rng(0).random(x.shape) >= p"),
    ),
    Mistake(
        "shared_mask",
        "One draw decides for a whole row or column",
        """The draw has fewer elements than x and is broadcast, so whole rows (or the same elements of every sample)
        are dropped together. Dropout works because each element is dropped on its own, whatever becomes of its
        neighbours: draw rng.random(x.shape).""",
        *(keep(f"np.broadcast_to(rng.random({shape}), x.shape) >= p") for shape in SHARED),
        *(keep(f"rng.random({shape}) >= p") for shape in SHARED),
    ),
    Mistake(
        "backward_unscaled",
        "The backward pass leaves out the factor 1/(1 − p)",
        """The forward pass computes x·mask/(1 − p), and the derivative of that in x is mask/(1 − p). Without the
        factor all gradients below the layer are too small. The mask holds only 0 and 1, so the factor is not in
        there.""",
        replace(BACKWARD, "return grad_kept"),
        formula=r"\frac{\partial L}{\partial x} = \frac{\text{mask}}{1 - p} \odot \frac{\partial L}{\partial y}",
    ),
    Mistake(
        "backward_without_mask",
        "The backward pass ignores the mask",
        """An element that was dropped had no influence on the output, so its gradient is zero. Multiply by the mask of
        the forward pass; a new one would drop other elements.""",
        replace(GRAD_KEPT, "grad_kept = grad_output"),
        [replace(GRAD_KEPT, "grad_kept = grad_output"), replace(BACKWARD, "return grad_kept")],
    ),
    Mistake(
        "dropout_at_test_time",
        "Elements are dropped at test time",
        """Dropout makes training noisy on purpose. At test time the same input must give the same answer, from the
        whole network: with training=False the output is x, the mask is all ones, and nothing is drawn.""",
        replace(TEST_TIME, "pass"),
        [replace(TEST_TIME, "pass"), replace(OUTPUT, "output = x * mask / (1 - p) if training else x * mask")],
        replace("if not training:", "if training:"),
    ),
    Mistake(
        "mask_holds_the_scale",
        "The mask that is returned holds 1/(1 − p) instead of 1",
        """Folding the factor into the mask gives the right output, but the mask is asked to be 0 or 1: the backward
        pass divides by 1 − p itself, and would scale twice.""",
        replace(RETURN, "return output, mask / (1 - p)"),
    ),
    Mistake(
        "boolean_mask",
        "The mask is boolean",
        """The comparison gives True and False; the mask is asked to hold 0 and 1 in the dtype of x. Convert it with
        .astype(x.dtype).""",
        replace(RETURN, "return output, keep"),
        [replace(RETURN, "return output, keep"), at_test_time("x", "np.ones(x.shape, dtype=bool)")],
    ),
    Mistake(
        "modified_in_place",
        "An input is modified in place",
        """`x *= mask`, `x[~keep] = 0` and the like write into the array that the caller passed in, who then goes on
        with other numbers than before. Write `output = x * mask` instead: it makes a new array.""",
        replace(OUTPUT, "x *= mask / (1 - p)\n    output = x"),
        replace(OUTPUT, f"{OUTPUT}\n    x *= mask"),
        replace(GRAD_KEPT, "grad_output *= mask\n    grad_kept = grad_output"),
        replace(GRAD_KEPT, "grad_output *= mask / (1 - p)\n    grad_kept = grad_output * (1 - p)"),
        [
            replace(OUTPUT, "x *= mask / (1 - p)\n    output = x"),
            replace(GRAD_KEPT, "grad_output *= mask\n    grad_kept = grad_output"),
        ],
    ),
    Mistake(
        "dropped_kept",
        "The dropped elements get the gradient, and those kept get none",
        """What was dropped did not reach the output, so its gradient is 0; what was kept passes its gradient on. The
        mask is 1 where an element was kept: multiply by it as it is.""",
        replace(GRAD_KEPT, "grad_kept = grad_output * (1 - mask)"),
        replace(OUTPUT, "output = x * (1 - mask) / (1 - p)"),
    ),
    Mistake(
        "divided_twice",
        "1/(1 − p) is applied twice, or as a root",
        """One division by 1 − p makes up for what was dropped on average. Twice it is too much, and its root too
        little: p says how many elements are dropped, so their sum shrinks by 1 − p, whatever the spread.""",
        replace(BACKWARD, "return grad_kept / (1 - p) ** 2"),
        replace(OUTPUT, "output = x * mask / (1 - p) ** 2"),
        replace(OUTPUT, "output = x * mask / np.sqrt(1 - p)"),
    ),
    Mistake(
        "scaled_by_what_was_kept",
        "The output is scaled by the share that happened to be kept",
        """1 − p is the share that is kept on average. Scaling by what was kept in this draw makes the factor depend on
        all elements of the array, and the backward pass, which knows only p, does not fit.""",
        replace(OUTPUT, "output = (x * mask * mask.size / max(mask.sum(), 1)).astype(x.dtype)"),
        replace(OUTPUT, "output = (x * mask / max(mask.mean(), 1e-12)).astype(x.dtype)"),
    ),
    Mistake(
        "test_time_mask",
        "The mask of test time is not an array of ones",
        """At test time everything is kept: the mask is ones, of the shape and dtype of x. A backward pass with it and p
        = 0 is then the identity; zeros would stop every gradient, and None or a single 1 is no mask.""",
        *(
            replace(TEST_TIME, TEST_TIME.replace("np.ones_like(x)", mask))
            for mask in ("np.zeros_like(x)", "None", "1.0", "1", "True", "np.ones(x.shape, dtype=bool)")
        ),
    ),
    Mistake(
        "drawn_at_test_time",
        "Random numbers are drawn at test time, too",
        """With training=False nothing is drawn: the generator that was passed in has to be as it was, or whatever draws
        from it next gets other numbers depending on the mode.""",
        replace(TEST_TIME, f"rng.random(x.shape)\n    {TEST_TIME}"),
    ),
]
