"""The hidden suite of lr_schedule. Points: exponential decay 30, step decay 25, cosine with warmup 45.

Each schedule is asked for its rate at a list of epochs (see probes.py).
"""

import pytest


def rate_of(rng):
    """A learning rate."""
    return float(rng.uniform(0.02, 0.5))


def exponential(rng):
    """Settings of an exponential decay: initial_lr, rate and start."""
    return rate_of(rng), {"rate": float(rng.uniform(0.05, 0.3)), "start": int(rng.integers(3, 8))}


@pytest.mark.points(7)
@pytest.mark.hint("While epoch < start the rate is initial_lr itself.")
def test_exponential_before_start(agree, rng):
    """Exponential decay keeps initial_lr in every epoch before start."""
    initial_lr, settings = exponential(rng)
    agree("exponential_decay", list(range(settings["start"])), initial_lr, **settings)


@pytest.mark.points(15)
@pytest.mark.hint("The rate has fallen by exp(−rate) once at epoch `start`, twice one epoch later, and so on.")
def test_exponential_from_start_on(agree, rng):
    """Exponential decay falls by exp(−rate) an epoch, for the first time in epoch start."""
    initial_lr, settings = exponential(rng)
    start = settings["start"]
    agree("exponential_decay", [*range(start, start + 5), start + 12, start + 25], initial_lr, **settings)


@pytest.mark.points(4)
@pytest.mark.hint("With start=0 the first epoch decays already: epoch − start + 1 is 1.")
def test_exponential_start_zero(agree, rng):
    """With start=0 exponential decay begins in epoch 0."""
    agree("exponential_decay", list(range(5)), rate_of(rng), rate=float(rng.uniform(0.05, 0.3)), start=0)


@pytest.mark.points(4)
@pytest.mark.hint("The defaults are rate=0.1 and start=10.")
def test_exponential_defaults(agree, rng):
    """Without settings exponential decay has rate 0.1 and starts in epoch 10."""
    agree("exponential_decay", [0, 9, 10, 11, 15, 30], rate_of(rng))


def steps(rng):
    """Settings of a step decay: initial_lr, factor and every."""
    return rate_of(rng), {"factor": float(rng.uniform(0.3, 0.8)), "every": 5 + 2 * int(rng.integers(3))}


@pytest.mark.points(9)
@pytest.mark.hint("The first drop is in epoch `every`; until then the rate stays exactly the same.")
def test_first_step(agree, rng):
    """Step decay keeps initial_lr for `every` epochs, then drops."""
    initial_lr, settings = steps(rng)
    every = settings["every"]
    agree("step_decay", [0, 1, every - 1, every, every + 1], initial_lr, **settings)


@pytest.mark.points(2)
@pytest.mark.hint("every=1 is the least that is allowed: the rate drops in each epoch.")
def test_step_every_epoch(agree, rng):
    """Step decay with every=1 drops in each epoch but the first."""
    agree("step_decay", list(range(6)), rate_of(rng), every=1)


@pytest.mark.points(9)
@pytest.mark.hint("Every drop multiplies again by `factor`: after k drops the rate is initial_lr·factor^k.")
def test_later_steps(agree, rng):
    """Step decay multiplies by `factor` again after every `every` epochs."""
    initial_lr, settings = steps(rng)
    every = settings["every"]
    agree("step_decay", [2 * every - 1, 2 * every, 3 * every + 1, 5 * every - 2, 8 * every], initial_lr, **settings)


@pytest.mark.points(5)
@pytest.mark.hint("The defaults are factor=0.5 and every=10.")
def test_step_defaults(agree, rng):
    """Without settings step decay halves the rate every 10 epochs."""
    agree("step_decay", [0, 9, 10, 25, 40], rate_of(rng))


def cosine(rng):
    """base_lr, warmup_steps, total_steps: some 5 steps of warmup before some 10 of decay."""
    warmup = int(rng.integers(4, 8))
    return rate_of(rng), warmup, warmup + int(rng.integers(9, 13))


def lowest(rng):
    """A min_lr below every base_lr."""
    return {"min_lr": float(rng.uniform(0.004, 0.012))}


@pytest.mark.points(8)
@pytest.mark.hint("Warmup rises from 0 by base_lr/warmup_steps a step.")
def test_warmup(agree, rng):
    """Warmup rises linearly from 0."""
    base_lr, warmup, total = cosine(rng)
    agree("cosine_with_warmup", list(range(warmup)), base_lr, warmup, total)


@pytest.mark.points(5)
@pytest.mark.hint("At step = warmup_steps the cosine begins, and cos(0) = 1 makes the rate base_lr.")
def test_end_of_warmup(agree, rng):
    """Warmup reaches base_lr exactly at step = warmup_steps."""
    base_lr, warmup, total = cosine(rng)
    agree("cosine_with_warmup", [warmup - 1, warmup, warmup + 1], base_lr, warmup, total)


@pytest.mark.points(9)
@pytest.mark.hint("The cosine runs from 0 to π while the step runs from warmup_steps to total_steps.")
def test_cosine(agree, rng):
    """After warmup the rate falls along half a cosine."""
    base_lr, warmup, total = cosine(rng)
    agree("cosine_with_warmup", list(range(warmup, total)), base_lr, warmup, total)


@pytest.mark.points(8)
@pytest.mark.hint("The cosine part spans from base_lr down to min_lr; warmup still starts at 0.")
def test_min_lr(agree, rng):
    """With a min_lr the cosine falls to min_lr instead of 0."""
    base_lr, warmup, total = cosine(rng)
    agree("cosine_with_warmup", [1, *range(warmup, total)], base_lr, warmup, total, **lowest(rng))


@pytest.mark.points(6)
@pytest.mark.hint("A cosine goes up again after π: from total_steps on the rate is min_lr, whatever the formula says.")
def test_after_the_end(agree, rng):
    """From total_steps on the rate stays at min_lr."""
    base_lr, warmup, total = cosine(rng)
    after = [total, total + 1, total + 5, 2 * total, 3 * total + 2]
    agree("cosine_with_warmup", after, base_lr, warmup, total, **lowest(rng))


@pytest.mark.points(4)
@pytest.mark.hint("With warmup_steps=0 there is nothing to divide by: step 0 belongs to the cosine already.")
def test_no_warmup(agree, rng):
    """With warmup_steps=0 the rate starts at base_lr."""
    base_lr, _, total = cosine(rng)
    agree("cosine_with_warmup", list(range(total)), base_lr, 0, total)


@pytest.mark.points(3)
@pytest.mark.hint("With warmup_steps = total_steps there is no cosine part: nothing may be divided by its length, 0.")
def test_only_warmup(agree, rng):
    """With warmup_steps = total_steps the rate rises and is then min_lr."""
    base_lr, warmup, _ = cosine(rng)
    agree("cosine_with_warmup", [0, 1, warmup - 1, warmup, warmup + 1], base_lr, warmup, warmup, **lowest(rng))


@pytest.mark.points(2)
@pytest.mark.hint("Compare the two counts first and raise ValueError.")
def test_warmup_longer_than_training(agree, rng):
    """warmup_steps > total_steps raises ValueError."""
    base_lr, warmup, _ = cosine(rng)
    agree("cosine_with_warmup", [1], base_lr, warmup, warmup - 1)
