"""Known mistakes in learning-rate schedules."""

from grader.suite import Mistake, replace

BEFORE = "if epoch < start:"
DECAYED = "decayed_epochs = epoch - start + 1"
EXPONENTIAL = "return initial_lr * math.exp(-rate * decayed_epochs)"
DROPS = "drops = epoch // every"
STEPPED = "return initial_lr * factor**drops"
END = "    if step >= total_steps:\n        return min_lr\n"
WARM = "    if step < warmup_steps:\n        return base_lr * step / warmup_steps\n"
RISE = "return base_lr * step / warmup_steps"
PROGRESS = "progress = (step - warmup_steps) / (total_steps - warmup_steps)"
COSINE = "cosine = math.cos(math.pi * progress)"
FALL = "return min_lr + 0.5 * (base_lr - min_lr) * (1 + cosine)"


def progress(code):
    return replace(PROGRESS, f"progress = {code}")


def end(code):
    """Another end of the schedule."""
    return replace(END, f"    {code}\n" if code else "")


MISTAKES = [
    Mistake(
        "off_by_one_at_start",
        "The decay starts one epoch too late or too early",
        """Epoch `start` is the first one that decays: its rate is initial_lr·exp(−rate), not initial_lr. With `epoch <=
        start`, or with the exponent epoch − start, it still has the full rate; with `epoch < start - 1` the epoch
        before decays too. Step decay has the same trap: counted from 0, the epoch `every` is the first that has
        dropped, not the one before. Compute the two epochs around the start by hand.""",
        replace(BEFORE, "if epoch <= start:"),
        replace(DECAYED, "decayed_epochs = epoch - start"),
        [replace(BEFORE, "if epoch < start - 1:"), replace(DECAYED, "decayed_epochs = epoch - start + 2")],
        replace(DECAYED, "decayed_epochs = epoch - start + 2"),
        replace(DECAYED, "decayed_epochs = epoch - start - 1"),
        [replace(BEFORE, "if epoch <= start:"), replace(DECAYED, "decayed_epochs = epoch - start - 1")],
        replace(DROPS, "drops = (epoch + 1) // every"),
        replace(DROPS, "drops = (epoch - 1) // every"),
        replace(DROPS, "drops = max(epoch - 1, 0) // every"),
        formula=r"\eta_{\text{start}} = \eta_0 \, e^{-\text{rate}}, \quad \eta_t = \eta_0 \, e^{-\text{rate}\,(t - "
        r"\text{start} + 1)}",
    ),
    Mistake(
        "decay_not_compounding",
        "The decay is applied once instead of once more every time",
        """The rate falls once and then stays: initial_lr·exp(−rate) is the rate of the first decayed epoch, and of no
        other. A callback that is handed the *current* rate may multiply it by exp(−rate) each time; a function of the
        epoch gets the *initial* rate, so it must apply all the factors so far at once: exp(−rate·n) for n decayed
        epochs, factor^k after k drops. Compare two late epochs: their rates must differ.""",
        replace(EXPONENTIAL, "return initial_lr * math.exp(-rate)"),
        replace(STEPPED, "return initial_lr * (factor if drops else 1)"),
        # a line instead of a power
        replace(EXPONENTIAL, "return initial_lr * (1 - rate * decayed_epochs)"),
        replace(EXPONENTIAL, "return max(0.0, initial_lr * (1 - rate * decayed_epochs))"),
        replace(EXPONENTIAL, "return initial_lr * math.exp(-rate) * decayed_epochs"),
        replace(EXPONENTIAL, "return initial_lr * math.exp(-rate) / decayed_epochs"),
        replace(STEPPED, "return initial_lr * factor * drops"),
        replace(STEPPED, "return initial_lr * (factor * drops if drops else 1)"),
        replace(STEPPED, "return initial_lr * (1 - factor * drops)"),
        replace(STEPPED, "return initial_lr * (1 - (1 - factor) * drops)"),
        replace(STEPPED, "return max(0.0, initial_lr * (1 - (1 - factor) * drops))"),
        replace(STEPPED, "return initial_lr * (factor / drops if drops else 1)"),
        # only in the very epoch of a drop
        replace(EXPONENTIAL, "return initial_lr * (math.exp(-rate) if epoch == start else 1)"),
        replace(STEPPED, "return initial_lr * (factor if drops and epoch % every == 0 else 1)"),
        formula=r"\eta_t = \eta_0 \cdot \underbrace{e^{-r} \cdots e^{-r}}_{n} = \eta_0 \, e^{-r n}",
        textbook=True,
    ),
    Mistake(
        "start_not_subtracted",
        "The exponent counts the epochs from 0, not from start",
        """exp(−rate·epoch) has fallen for `start` epochs already when it is used for the first time, so the rate jumps
        down at `start`. The decay is to go on smoothly from the constant part: count the epochs since `start`.""",
        replace(DECAYED, "decayed_epochs = epoch"),
        replace(DECAYED, "decayed_epochs = epoch + 1"),
        replace(BEFORE, "if False:"),
        [replace(BEFORE, "if False:"), replace(DECAYED, "decayed_epochs = epoch")],
        [replace(BEFORE, "if False:"), replace(DECAYED, "decayed_epochs = epoch + 1")],
    ),
    Mistake(
        "rate_grows",
        "The learning rate grows instead of falling",
        """The exponent lost its minus sign (or the factor divides instead of multiplying), and the rate rises by the
        same factor by which it should fall: training diverges within a few epochs. exp(−rate·n) is below 1 for a
        positive rate.""",
        replace(EXPONENTIAL, "return initial_lr * math.exp(rate * decayed_epochs)"),
        replace(STEPPED, "return initial_lr / factor**drops"),
        formula=r"\eta_t = \eta_0 \, e^{-r n} < \eta_0",
    ),
    Mistake(
        "power_of_rate",
        "A power of 1 − rate or of rate stands for exp(−rate)",
        """(1 − rate)^n is near exp(−rate·n) for a small rate, but not equal to it, and rate^n is something else: there
        the rate would be the factor itself. Use math.exp(−rate·n) as the formula says.""",
        replace(EXPONENTIAL, "return initial_lr * (1 - rate) ** decayed_epochs"),
        replace(EXPONENTIAL, "return initial_lr * rate**decayed_epochs"),
        formula=r"e^{-r} = 1 - r + \tfrac{1}{2} r^2 - \dots \ne 1 - r",
    ),
    Mistake(
        "cosine_restarts",
        "The cosine goes up again after total_steps",
        """After half a period the cosine rises again, so a formula that is used beyond total_steps (or with the step
        taken modulo total_steps) sends the rate back up to base_lr, just when the network has settled. Warm restarts
        are a schedule of their own; here the rate stays at min_lr: return it for step ≥ total_steps.""",
        end(""),
        end("if step >= warmup_steps == total_steps:\n        return min_lr"),
        [end(""), progress("(step - warmup_steps) / max(1, total_steps - warmup_steps)")],
        end("step %= total_steps"),
        end("if step == total_steps:\n        return min_lr\n    step %= total_steps"),
        end("if step > total_steps:\n        step %= total_steps"),
        [end(""), progress("(step - warmup_steps) / (total_steps - warmup_steps) % 1")],
        [end(""), progress("(step - warmup_steps) / max(1, total_steps - warmup_steps) % 1")],
        [
            end("if step >= warmup_steps == total_steps:\n        return min_lr"),
            progress("(step - warmup_steps) / (total_steps - warmup_steps) % 1"),
        ],
        end("if step == total_steps:\n        return min_lr"),
        # warmup is not repeated
        end("if step > warmup_steps:\n        step = warmup_steps + (step - warmup_steps) % total_steps"),
        formula=r"\eta_t = \eta_{\min} \quad \text{for } t \ge T",
    ),
    Mistake(
        "warmup_never_reaches_base_lr",
        "Warmup never reaches base_lr",
        """The step warmup_steps is the one at which the rate is base_lr. Divided by warmup_steps + 1 or by total_steps,
        or with a cosine that begins one step too early, the rate stays below base_lr for the whole training. The last
        step of warmup is one increment below base_lr, and the first of the cosine has cos(0) = 1.""",
        replace(RISE, "return base_lr * step / (warmup_steps + 1)"),
        replace(RISE, "return base_lr * (step + 1) / (warmup_steps + 1)"),
        replace(RISE, "return base_lr * step / total_steps"),
        replace(RISE, "return base_lr * (step + 1) / total_steps"),
        replace(RISE, "return (base_lr - min_lr) * step / warmup_steps"),
        replace(RISE, "return 0.5 * base_lr * step / warmup_steps"),
        progress("(step - warmup_steps + 1) / (total_steps - warmup_steps)"),
        progress("(step - warmup_steps + 1) / (total_steps - warmup_steps + 1)"),
        [
            replace(RISE, "return base_lr * step / (warmup_steps + 1)"),
            progress("(step - warmup_steps + 1) / (total_steps - warmup_steps)"),
        ],
        # the step warmup_steps itself is still part of warmup
        *(
            [replace("    if step < warmup_steps:", f"    if {test}:"), replace(RISE, f"return base_lr * {share}")]
            for test in ("step <= warmup_steps", "step <= warmup_steps and warmup_steps")
            for share in ("step / (warmup_steps + 1)", "step / total_steps")
        ),
        formula=r"\eta_t = \eta_{\text{base}} \, \frac{t}{t_{\text{warmup}}}, \quad \eta_{t_{\text{warmup}}} = "
        r"\eta_{\text{base}}",
    ),
    Mistake(
        "warmup_a_step_early",
        "Warmup starts above 0 and is one step ahead",
        """With (step + 1) / warmup_steps the first step has a rate above 0 already, and base_lr is reached one step
        early. Many libraries do it so, to waste no step; the formula asked for here is base_lr · step / warmup_steps,
        which is 0 at step 0.""",
        replace(RISE, "return base_lr * (step + 1) / warmup_steps"),
    ),
    Mistake(
        "warmup_from_min_lr",
        "Warmup rises from min_lr instead of from 0",
        """min_lr is where the cosine ends, not where warmup begins: warmup rises from 0, so that the very first steps
        barely move the weights. Only the cosine part has min_lr in its formula.""",
        replace(RISE, "return min_lr + (base_lr - min_lr) * step / warmup_steps"),
        replace(RISE, "return min_lr + base_lr * step / warmup_steps"),
        replace(RISE, "return max(min_lr, base_lr * step / warmup_steps)"),
    ),
    Mistake(
        "degrees_for_radians",
        "The cosine is given degrees",
        """math.cos takes radians: half a period is π, not 180. With 180·progress (or math.degrees) the rate jumps about
        wildly; with math.radians around an angle that is in radians already it hardly falls at all. Look at the middle
        of the cosine part: the rate there is halfway between base_lr and min_lr.""",
        replace(COSINE, "cosine = math.cos(180 * progress)"),
        replace(COSINE, "cosine = math.cos(math.radians(math.pi * progress))"),
        replace(COSINE, "cosine = math.cos(math.radians(progress))"),
        replace(COSINE, "cosine = math.cos(90 * progress)"),
        formula=r"180^\circ = \pi",
    ),
    Mistake(
        "period_of_cosine",
        "The cosine does not run through half a period",
        """From warmup to the end the angle runs from 0 to π: the cosine falls from 1 to −1, and 1 + cos from 2 to 0.
        Without π it ends at 1 rad, with 2π it comes back up in the second half, and with π/2 it stops halfway down.""",
        replace(COSINE, "cosine = math.cos(progress)"),
        replace(COSINE, "cosine = math.cos(2 * math.pi * progress)"),
        replace(COSINE, "cosine = math.cos(0.5 * math.pi * progress)"),
    ),
    Mistake(
        "cosine_not_scaled",
        "The factor ½ or the 1 + before the cosine is missing or has the wrong sign",
        """½ (1 + cos) runs from 1 down to 0. Without the ½ the rate starts at twice base_lr; with cos alone it turns
        negative halfway; with 1 − cos it rises from 0 to 1. Put in the angles 0 and π and compare with base_lr and
        min_lr.""",
        replace(FALL, "return min_lr + (base_lr - min_lr) * (1 + cosine)"),
        replace(FALL, "return min_lr + (base_lr - min_lr) * cosine"),
        replace(FALL, "return min_lr + 0.5 * (base_lr - min_lr) * cosine"),
        replace(FALL, "return min_lr + 0.5 * (base_lr - min_lr) * (1 - cosine)"),
        formula=r"\tfrac{1}{2}(1 + \cos 0) = 1, \quad \tfrac{1}{2}(1 + \cos \pi) = 0",
    ),
    Mistake(
        "min_lr_misplaced",
        "The cosine does not run from base_lr down to min_lr",
        """½ (1 + cos) falls from 1 to 0, so the amplitude in front of it is base_lr − min_lr and min_lr is added. With
        base_lr as the amplitude the rate starts above base_lr, without adding min_lr it ends below it, and a max() cuts
        the curve off with a kink. Put in the angles 0 and π and compare.""",
        replace(FALL, "return 0.5 * base_lr * (1 + cosine)"),
        [replace(FALL, "return 0.5 * base_lr * (1 + cosine)"), end("if step >= total_steps:\n        return 0.0")],
        end("if step >= total_steps:\n        return 0.0"),
        replace(FALL, "return min_lr + 0.5 * base_lr * (1 + cosine)"),
        replace(FALL, "return max(min_lr, 0.5 * base_lr * (1 + cosine))"),
        replace(FALL, "return 0.5 * (base_lr - min_lr) * (1 + cosine)"),
        replace(FALL, "return 0.5 * (base_lr + min_lr) * (1 + cosine)"),
        formula=r"\eta_t = \eta_{\min} + \tfrac{1}{2} (\eta_{\text{base}} - \eta_{\min}) (1 + \cos \pi p)",
    ),
    Mistake(
        "integer_division",
        "`//` and `/` are mixed up",
        """`//` rounds down to a whole number. The share of warmup or of the cosine part lies between 0 and 1, and
        rounded down it is 0: the rate does not move until it jumps. Step decay is the other way round: the number of
        drops *is* a whole number, epoch // every, and with `/` the rate slides down a little every epoch instead of in
        steps.""",
        replace(RISE, "return base_lr * (step // warmup_steps)"),
        replace(RISE, "return base_lr * step // warmup_steps"),
        progress("(step - warmup_steps) // (total_steps - warmup_steps)"),
        [
            replace(RISE, "return base_lr * (step // warmup_steps)"),
            progress("(step - warmup_steps) // (total_steps - warmup_steps)"),
        ],
        [
            replace(RISE, "return base_lr * step // warmup_steps"),
            progress("(step - warmup_steps) // (total_steps - warmup_steps)"),
        ],
        replace(COSINE, "cosine = math.cos(math.pi * (step - warmup_steps) // (total_steps - warmup_steps))"),
        replace(FALL, "return min_lr + (base_lr - min_lr) // 2 * (1 + cosine)"),
        replace(DROPS, "drops = epoch / every"),
    ),
    Mistake(
        "drops_not_rounded_down",
        "The number of drops is rounded up or to the nearest whole number",
        """A drop takes place after *every* full period of `every` epochs, so an incomplete period does not count: the
        number of drops is epoch / every rounded down. With round() the first drop comes after half a period, with
        ceil() in the second epoch.""",
        replace(DROPS, "drops = round(epoch / every)"),
        replace(DROPS, "drops = -(-epoch // every)"),
        replace(DROPS, "drops = int(epoch / every + 0.5)"),
        formula=r"k = \lfloor t / \text{every} \rfloor",
    ),
    Mistake(
        "total_includes_warmup_wrongly",
        "The length of the cosine part is not total_steps − warmup_steps",
        """total_steps counts warmup too. The cosine part is total_steps − warmup_steps long and begins at warmup_steps,
        so its progress is (step − warmup) / (total − warmup). With total_steps as its length the cosine has not come
        down at the end, and the rate drops with a jump; without subtracting warmup from the step it has begun to fall
        before warmup is over. Check that progress is 0 at warmup_steps and 1 at total_steps.""",
        progress("(step - warmup_steps) / total_steps"),
        progress("step / total_steps"),
        progress("step / (total_steps - warmup_steps)"),
        progress("min(1.0, step / (total_steps - warmup_steps))"),
        progress("(step - warmup_steps) / (total_steps + warmup_steps)"),
        [
            end("if step >= warmup_steps + total_steps:\n        return min_lr"),
            progress("(step - warmup_steps) / total_steps"),
        ],
        # the end of the schedule is moved, the length is right
        end("if step >= total_steps - warmup_steps:\n        return min_lr"),
        # warmup as a factor on the cosine
        [
            replace(WARM, ""),
            progress("step / total_steps"),
            replace(
                FALL,
                FALL.replace("return ", "lr = ")
                + "\n    return lr * min(1, step / warmup_steps if warmup_steps else 1)",
            ),
        ],
        formula=r"p = \frac{t - t_{\text{warmup}}}{T - t_{\text{warmup}}}",
    ),
    Mistake(
        "end_a_step_early",
        "The cosine reaches min_lr one step too early or too late",
        """The rate is min_lr from step total_steps on, and the cosine comes down to it just there: it is total_steps −
        warmup_steps steps long. Divided by one less it is down at total_steps − 1; divided by one more it falls short
        and drops with a jump.""",
        progress("(step - warmup_steps) / (total_steps - warmup_steps - 1)"),
        progress("(step - warmup_steps) / max(1, total_steps - warmup_steps - 1)"),
        progress("(step - warmup_steps) / (total_steps - warmup_steps + 1)"),
        [
            end("if step > total_steps:\n        return min_lr"),
            progress("(step - warmup_steps) / (total_steps - warmup_steps + 1)"),
        ],
        end("if step >= total_steps - 1:\n        return min_lr"),
    ),
    Mistake(
        "zero_length_divides",
        "A part of no length is divided by",
        """With warmup_steps = 0 there is no warmup, and with warmup_steps = total_steps no cosine part: dividing by
        their length raises ZeroDivisionError. `step < warmup_steps` is False for every step when warmup_steps is 0,
        where `step <= warmup_steps` is not; and the end has to be looked at before the cosine.""",
        replace("    if step < warmup_steps:", "    if step <= warmup_steps:"),
        [replace(END, ""), replace(WARM, WARM.replace("<", "<=") + END)],
        end("if step > total_steps:\n        return min_lr"),
    ),
    Mistake(
        "straight_line",
        "After warmup the rate falls along a straight line",
        """A linear schedule loses as much in each step. Half a cosine falls slowly at first and at the end and fastest
        in the middle: the progress goes through cos(π·progress) before it is scaled.""",
        replace(COSINE, "cosine = 1 - 2 * progress"),
        formula=r"\eta = \eta_{\min} + \tfrac12 (\eta_{\text{base}} - \eta_{\min}) (1 + \cos(\pi p))",
    ),
    Mistake(
        "inverse_decay",
        "The rate is divided by 1 + rate · epochs instead of decaying exponentially",
        """1/(1 + rate·k) falls ever more slowly. Exponential decay multiplies by the same factor every epoch,
        exp(−rate).""",
        replace(EXPONENTIAL, "return initial_lr / (1 + rate * decayed_epochs)"),
        formula=r"\eta_0 \, e^{-\text{rate} \cdot (\text{epoch} - \text{start} + 1)}",
    ),
    Mistake(
        "remainder_of_the_epoch",
        "The exponent is the remainder of the epoch, not how often `every` has passed",
        """epoch % every starts again at 0 after every drop, so the rate jumps back up. The number of drops is
        epoch // every.""",
        replace(DROPS, "drops = epoch % every"),
    ),
    Mistake(
        "quarter_of_a_period",
        "The cosine falls along a quarter of its period",
        """cos from 0 to π/2 starts flat and ends steep. Half a period, from 0 to π, shifted up and halved, is flat at
        both ends.""",
        replace(FALL, "return min_lr + (base_lr - min_lr) * math.cos(math.pi / 2 * progress)"),
        formula=r"\tfrac12 \, (1 + \cos(\pi \cdot \text{progress}))",
    ),
]
