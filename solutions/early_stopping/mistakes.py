"""Known mistakes in early stopping."""

from grader.suite import Mistake, replace

INITIAL_BEST = "self.best = None"
INITIAL_EPOCH = "self.best_epoch = None"
WAITED = "self.waited = 0 if improved else self.waited + 1"
STOPPED = "self.stopped = self.waited >= self.patience"
GUARD = "if self.stopped:\n            return True"
BEST = """if improved:
            self.best = value
            self.best_epoch = self.epoch"""
NAN_CHECK = "if math.isnan(value):\n            return False"
NOT_SEEN = "if self.best is None:"
GAIN = 'gain = self.best - value if self.mode == "min" else value - self.best'
BETTER = "return gain > self.min_delta"
RETURN = "return self.stopped"


def before_waiting(code):
    """An edit that puts a line before the count of bad epochs."""
    return replace(WAITED, f"{code}\n        {WAITED}")


def always(*names):
    """An edit that moves best, best_epoch or both in every epoch."""
    values = {"best": "value", "best_epoch": "self.epoch"}
    return before_waiting("; ".join(f"self.{name} = {values[name]}" for name in names))


# The value of the epoch before is kept beside the best one.
AGAINST_PREVIOUS = [
    replace(NOT_SEEN, "previous, self.previous = self.previous, value\n        if self.best is None:"),
    replace(GAIN, 'gain = previous - value if self.mode == "min" else value - previous'),
    replace(INITIAL_BEST, INITIAL_BEST + "\n        self.previous = None"),
]
NAN_IS_PREVIOUS = [
    replace(NAN_CHECK, "previous, self.previous = self.previous, value\n        " + NAN_CHECK),
    replace(GAIN, 'gain = previous - value if self.mode == "min" else value - previous'),
    replace(INITIAL_BEST, INITIAL_BEST + "\n        self.previous = None"),
]
# best is the least (or largest) value seen, whether or not the gain is more than min_delta.
BETTER_AT_ALL = """not math.isnan(value) and (
            self.best is None or (value < self.best if self.mode == "min" else value > self.best)
        )"""
BEST_FOLLOWS = f"if {BETTER_AT_ALL}:\n            self.best = value"
BOTH_FOLLOW = f"{BEST_FOLLOWS}\n            self.best_epoch = self.epoch"
# The order of a stopper that returns early: nothing is recomputed but in a bad epoch.
STICKY = replace(STOPPED, "self.stopped = self.stopped or self.waited >= self.patience")


# The best is kept as it should be, min_delta and all, and only the count goes by the previous value.
BETTER_THAN_PREVIOUS = ("previous is None or {}", "not math.isnan(value) and (previous is None or {})")
KEPT = "previous if math.isnan(value) else value"


def counted_by_previous(better, previous):
    gained = '(previous - value if self.mode == "min" else value - previous) > self.min_delta'
    return [
        replace(INITIAL_BEST, INITIAL_BEST + "\n        self.previous = None"),
        replace(
            WAITED,
            f"""previous = self.previous
        self.previous = {previous}
        self.waited = 0 if {better.format(gained)} else self.waited + 1""",
        ),
    ]


def started_with(best, epoch):
    """Edits that show something else than None before the first improvement, and then go on as they should."""
    return [
        replace(INITIAL_BEST, f"self.best = {best}"),
        replace(INITIAL_EPOCH, f"self.best_epoch = {epoch}"),
        replace("self.epoch = -1", "self.epoch = -1\n        self.seen = False"),
        replace(NOT_SEEN, "first, self.seen = not self.seen, True\n        if first:"),
    ]


MISTAKES = [
    Mistake(
        "off_by_one",
        "The patience is off by one: training stops an epoch too late or too early",
        """`patience` is the number of epochs in a row without improvement that is too many: with patience=3 the third
        of them stops training. Count the bad epoch first, then stop when the count has *reached* the patience; `>`
        instead of `>=`, or comparing before counting, waits one epoch more, and counting the improvement itself waits
        one less. Go through patience=1 by hand: the very first epoch without improvement stops.""",
        replace(STOPPED, "self.stopped = self.waited > self.patience"),
        replace(STOPPED, "self.stopped = self.waited >= self.patience - 1"),
        replace(STOPPED, "self.stopped = not improved and self.waited >= self.patience - 1"),
        # compared before the value is looked at: the next epoch stops, even a good one
        [
            replace(GUARD, f"self.stopped = self.waited >= self.patience\n        {GUARD}"),
            replace(WAITED + "\n        " + STOPPED, WAITED),
        ],
        # the improvement itself, or only the first epoch, is counted
        replace(WAITED, "self.waited = 1 if improved else self.waited + 1"),
        [
            replace(WAITED, "self.waited = 1 if improved else self.waited + 1"),
            replace(STOPPED, "self.stopped = not improved and self.waited >= self.patience"),
        ],
        replace(WAITED, "self.waited = 0 if improved and self.epoch > 0 else self.waited + 1"),
        replace("self.epoch = -1\n        self.waited = 0", "self.epoch = -1\n        self.waited = 1"),
        formula=r"\text{stop at epoch } t \iff t - t_{\text{best}} = \text{patience}",
    ),
    Mistake(
        "counter_not_reset",
        "An improvement does not start the count anew",
        """The count of bad epochs only ever grows, so that training stops after `patience` bad epochs altogether,
        however many good ones lie between them. A noisy loss that keeps falling is cut off that way. Only epochs *in a
        row* count: set the count back to zero at every improvement.""",
        replace(WAITED, "self.waited += not improved"),
        replace(WAITED, "self.waited = max(self.waited - 1, 0) if improved else self.waited + 1"),
    ),
    Mistake(
        "compared_with_previous",
        "Each value is compared with that of the epoch before, not with the best",
        """A loss that jumps up and then creeps down is better than the epoch before in every epoch, and yet never again
        as good as it was: compared with the previous value it never stops. An improvement is a value better than
        `best`, the best of all epochs so far, so `best` may move on an improvement only.""",
        always("best"),
        always("best", "best_epoch"),
        before_waiting("self.best = self.best if math.isnan(value) else value"),
        [
            before_waiting("self.best = self.best if math.isnan(value) else value"),
            before_waiting("self.best_epoch = self.best_epoch if math.isnan(value) else self.epoch"),
        ],
        AGAINST_PREVIOUS,
        NAN_IS_PREVIOUS,
        # the best is kept as it should be, and only the count goes by the previous value
        [*AGAINST_PREVIOUS, replace(BEST, BOTH_FOLLOW)],
        [*NAN_IS_PREVIOUS, replace(BEST, BOTH_FOLLOW)],
        *(counted_by_previous(better, previous) for better in BETTER_THAN_PREVIOUS for previous in ("value", KEPT)),
    ),
    Mistake(
        "max_mode_unhandled",
        "Mode max is treated like mode min",
        """An accuracy should rise, but here a fall counts as the improvement (or nothing ever does, since no value lies
        below the value that the best starts from). In mode "max" a value is better if it is *larger* than the best by
        more than min_delta. Try three rising values: each of them must become the best.""",
        replace(GAIN, "gain = self.best - value"),
        # the best starts from an infinity that nothing exceeds
        replace(NOT_SEEN, "if self.mode == 'max':\n            return False\n        " + NOT_SEEN),
        [
            replace(NOT_SEEN, "if self.mode == 'max':\n            return False\n        " + NOT_SEEN),
            replace(INITIAL_BEST, "self.best = None if mode == 'min' else math.inf"),
        ],
        [
            replace(NOT_SEEN, "if self.mode == 'max':\n            return False\n        " + NOT_SEEN),
            replace(INITIAL_BEST, "self.best = None if mode == 'min' else -math.inf"),
        ],
        replace('if mode not in ("min", "max")', 'if mode != "min"'),
        formula=r"\text{improved} \iff v - \text{best} > \delta_{\min}",
    ),
    Mistake(
        "min_mode_upside_down",
        "In mode min a rise counts as an improvement",
        """A loss should fall: in mode "min", the default, a value is better if it is *smaller* than the best by more
        than min_delta. Here a larger one is, because the two modes are swapped or the mode is never looked at. Try
        three falling values with the defaults: each of them must become the best.""",
        replace(GAIN, 'gain = value - self.best if self.mode == "min" else self.best - value'),
        replace(GAIN, "gain = value - self.best"),
        formula=r"\text{improved} \iff v < \text{best} - \delta_{\min} \;\;(\text{mode min})",
    ),
    Mistake(
        "best_negated_in_max_mode",
        "In mode max, best is the negated value",
        """Negating the values turns mode "max" into mode "min", which is a fine way to write one comparison for both.
        But `best` is for the user, who wants to read the accuracy that was reached: store the value as it came, and
        negate it only in the comparison.""",
        [
            replace(GAIN, 'gain = self.best - value if self.mode == "min" else value + self.best'),
            replace("self.best = value", "self.best = value if self.mode == 'min' else -value"),
        ],
    ),
    Mistake(
        "min_delta_sign",
        "min_delta has the wrong sign, so that it makes improving easier",
        """min_delta is a hurdle: in mode "min" a value is better only below best − min_delta, in mode "max" only above
        best + min_delta. With the other sign even a slightly *worse* value counts as an improvement and becomes the
        best. Check that a value equal to the best is no improvement when min_delta is large.""",
        replace(BETTER, "return gain > -self.min_delta"),
        replace(BETTER, "return gain > (-self.min_delta if self.mode == 'min' else self.min_delta)"),
        replace(BETTER, "return gain > (-self.min_delta if self.mode == 'max' else self.min_delta)"),
        formula=r"\text{improved} \iff v < \text{best} - \delta_{\min} \;\;(\text{mode min})",
    ),
    Mistake(
        "min_delta_relative",
        "min_delta is taken for a fraction of the best",
        """best · (1 − min_delta) asks for a gain of a share of the best value. min_delta is in the unit of the value
        itself: the gain over the best, whatever that is, must be more than min_delta.""",
        replace(BETTER, "return gain > self.min_delta * self.best"),
        replace(BETTER, "return gain > self.min_delta * abs(self.best)"),
    ),
    Mistake(
        "min_delta_ignored",
        "min_delta is never used",
        """Every gain counts as an improvement, however small. A loss that still falls in the sixth decimal then never
        stops training, which is what min_delta is there to prevent. The gain over the best must be more than
        min_delta.""",
        replace(BETTER, "return gain > 0"),
        replace(BETTER, "return gain > (self.min_delta if self.mode == 'min' else 0)"),
        replace(BETTER, "return gain > (self.min_delta if self.mode == 'max' else 0)"),
    ),
    Mistake(
        "change_in_either_direction",
        "A change in either direction counts as an improvement",
        """abs(best − value) > min_delta asks whether the value has *moved*, not whether it has become better: a loss
        that explodes is an improvement then. Leave the sign in: best − value in mode "min", value − best in mode
        "max".""",
        replace(BETTER, "return abs(gain) > self.min_delta"),
    ),
    Mistake(
        "best_creeps",
        "best moves on gains that are too small to be an improvement",
        """A gain of min_delta or less is no improvement and must leave `best` where it is. If `best` creeps along with
        every tiny gain, many small steps never add up to an improvement: each one is measured from the one before. Move
        `best`, `best_epoch` and the count together, in one branch.""",
        before_waiting(BEST_FOLLOWS),
        before_waiting(BOTH_FOLLOW),
    ),
    Mistake(
        "equality_improves",
        "A value just as good counts as an improvement",
        """With `<=` (or `>=`) a loss that stays exactly where it is improves in every epoch, and training never stops:
        a network that no longer learns at all looks like one that learns. An improvement is better by strictly *more*
        than min_delta, so that a gain of exactly min_delta is none either.""",
        replace(BETTER, "return gain >= self.min_delta"),
        replace(BETTER, "return gain > self.min_delta or (self.mode == 'min' and gain == self.min_delta)"),
        replace(BETTER, "return gain > self.min_delta or (self.mode == 'max' and gain == self.min_delta)"),
        replace(BETTER, "return gain > self.min_delta or gain == self.min_delta != 0"),
        replace(BETTER, "return gain > self.min_delta or gain == 0"),
    ),
    Mistake(
        "nan_becomes_best",
        "NaN becomes the best value",
        """NaN compares as False with everything. Asked `not value >= best`, or stored as the first value without a
        look, it becomes the best; and from then on no comparison with it holds, so that nothing, or anything, is an
        improvement. Test math.isnan(value) before anything else, also for the first value.""",
        replace(NAN_CHECK, "pass"),
        [replace(NAN_CHECK, "pass"), replace(BETTER, "return not gain <= self.min_delta")],
        replace(NAN_CHECK, "if math.isnan(value):\n            return True"),
        replace(NAN_CHECK, "if math.isnan(value):\n            return self.best is not None"),
        [
            replace(NAN_CHECK, "pass"),
            replace(BETTER, "return not gain <= self.min_delta and not math.isnan(self.best)"),
        ],
    ),
    Mistake(
        "nan_not_counted",
        "An epoch with NaN is skipped as if it had not been",
        """A loss of NaN is an epoch like any other, and one without improvement. If `step` returns at once on NaN, the
        count stands still and a run that has blown up goes on for ever; and if the epochs are not counted either,
        best_epoch points to the wrong checkpoint. Count first, then ask whether the value improved.""",
        replace(GUARD, GUARD + "\n        if math.isnan(value):\n            return False"),
        replace(WAITED, "self.waited = 0 if improved else self.waited + (value == value)"),
        replace("self.epoch += 1", "self.epoch += value == value"),
    ),
    Mistake(
        "revived_after_stopping",
        "An improvement after stopping revives the stopper",
        """Once training has been told to stop, later values must not undo it: `step` returns True and leaves best,
        best_epoch and stopped as they are. Otherwise the checkpoint named by best_epoch may be one that was never
        saved. Return at the top of `step` if `stopped` is set.""",
        replace(GUARD, "pass"),
        [replace(GUARD, "pass"), STICKY],
        [replace(GUARD, "pass"), STICKY, replace(RETURN, "return self.waited >= self.patience")],
        [replace(GUARD, "pass"), STICKY, replace("self.epoch += 1", "self.epoch += not self.stopped")],
        [replace(GUARD, "pass"), STICKY, replace(RETURN, "return not improved and self.stopped")],
    ),
    Mistake(
        "false_after_stopping",
        "step returns True only once and False afterwards",
        """After stopping, every `step` returns True. A loop that misses the one True, say because it asks only every
        other epoch, would train on for ever. So ask whether the count has *reached* the patience (`>=`, not `==`), and
        return True at once when `stopped` is set.""",
        replace(GUARD, "if self.stopped:\n            return False"),
        [replace(GUARD, "pass"), replace(STOPPED, "self.stopped = self.waited == self.patience")],
        [
            replace(GUARD, "pass"),
            replace(STOPPED, "self.stopped = self.stopped or self.waited == self.patience"),
            replace(RETURN, "return self.waited == self.patience"),
        ],
    ),
    Mistake(
        "stopped_never_set",
        "stopped stays False after training should stop",
        """`step` returns True at the right time, but the attribute `stopped` is never set: whoever looks at it later
        believes that training ran to its last epoch. Without it the stopper cannot know either that it has stopped
        already, and a later improvement revives it. Set `self.stopped` before returning True.""",
        [replace(STOPPED + "\n        " + RETURN, "return self.waited >= self.patience")],
        [
            replace(GUARD, "if self.waited >= self.patience:\n            return True"),
            replace(STOPPED + "\n        " + RETURN, "return self.waited >= self.patience"),
        ],
    ),
    Mistake(
        "best_set_at_start",
        "best or best_epoch is set before there is any improvement",
        """Infinity is a handy start for a comparison, but `best` and `best_epoch` are what the user reads, and before
        the first improvement there is nothing to read: both are None. Keep the sentinel in a variable of its own, or
        treat `best is None` as the case in which every number improves.""",
        started_with("math.inf", "None"),
        started_with("math.inf if mode == 'min' else -math.inf", "None"),
        started_with("math.inf if mode == 'min' else -math.inf", "0"),
        started_with("math.inf if mode == 'min' else -math.inf", "-1"),
        started_with("None", "0"),
        started_with("None", "-1"),
        started_with("0.0", "0"),
    ),
    Mistake(
        "epochs_counted_from_one",
        "best_epoch is off by one: epochs are counted from 1",
        """The first value belongs to epoch 0. With a counter that is raised before it is used, start from −1; or use it
        first and raise it at the end of `step`. A checkpoint list indexed with best_epoch is off by one otherwise.""",
        replace("self.epoch = -1", "self.epoch = 0"),
    ),
    Mistake(
        "stops_at_nan",
        "NaN stops at once",
        """NaN is an epoch without an improvement, like any other: it counts towards the patience, and training may
        still recover.""",
        replace(STOPPED, "self.stopped = self.waited >= self.patience or math.isnan(value)"),
    ),
    Mistake(
        "answer_inverted",
        "step says whether to go on, not whether to stop",
        """step returns True when training should stop. The caller writes `if stopper.step(loss): break`.""",
        replace(RETURN, "return not self.stopped"),
    ),
    Mistake(
        "best_moves_after_the_stop",
        "best moves after the stop",
        """Once it has stopped, step returns True and changes nothing. best and best_epoch are to say which of the saved
        models to take.""",
        replace(
            GUARD,
            GUARD.replace("return", "self.best = value if self.improves(value) else self.best\n            return"),
        ),
    ),
]
