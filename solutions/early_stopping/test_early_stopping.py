"""The hidden suite of early_stopping. Values are multiples of 1/1024, so that every difference is exact."""

import pytest

NAN = float("nan")


def start(rng):
    """A first value: a multiple of 1/64 between 4 and 8."""
    return float(rng.integers(256, 513)) / 64


def worse(rng, value, count):
    """`count` values, each larger than the one before, all larger than `value`."""
    values = []
    for step in rng.integers(1, 5, size=count):
        value += float(step) / 4
        values.append(value)
    return values


def mirrored(mode, values):
    """For mode "max" the same history upside down, so that all values are negative."""
    return values if mode == "min" else [-value for value in values]


@pytest.mark.points(6)
@pytest.mark.hint("Nothing has improved yet: best and best_epoch are None and stopped is False.")
def test_nothing_seen_yet(agree, rng):
    """Before the first epoch best and best_epoch are None and stopped is False."""
    agree("at_first", patience=int(rng.integers(1, 1000)))


@pytest.mark.points(12)
@pytest.mark.hint("Count the epochs since the last improvement; stop in the very epoch that makes them `patience`.")
@pytest.mark.parametrize("patience", [1, 2, 4])
def test_patience(agree, rng, patience):
    """With patience={patience} training stops in that many epochs without improvement, not one sooner or later."""
    first = start(rng)
    agree("watch", [first, *worse(rng, first, patience + 1)], patience=patience)


@pytest.mark.points(4)
@pytest.mark.hint("The defaults are patience=3, min_delta=0.0 and mode='min'.")
def test_defaults(agree, rng):
    """Without settings the patience is 3, the value should fall and every gain counts."""
    first = start(rng)
    agree("watch", [first, first - 0.0625, *worse(rng, first, 3)])


@pytest.mark.points(12)
@pytest.mark.hint("Only epochs in a row count: an improvement starts the count anew.")
def test_improvement_restarts_the_count(agree, rng):
    """An improvement starts the count of bad epochs anew."""
    first = start(rng)
    second, third = first - 0.5, first - 1.5
    values = [first, *worse(rng, first, 2), second, *worse(rng, second, 2), third, *worse(rng, third, 2)]
    agree("watch", values, patience=3)


@pytest.mark.points(11)
@pytest.mark.hint("Better than the epoch before is not enough: the value has to beat the best of all epochs.")
def test_compared_with_the_best(agree, rng):
    """A value better than the last but not than the best is no improvement."""
    first = start(rng)
    agree("watch", [first, first + 4.0, first + 3.0 - start(rng) / 16, first + 1.0, first + 0.5], patience=4)


@pytest.mark.points(10)
@pytest.mark.hint("In mode 'max' larger is better: turn the comparison around, and only there.")
def test_max_mode(agree, rng):
    """In mode max a rise is an improvement and a fall is none."""
    first = start(rng)
    rising = [first, first + 0.5, first + 2.0, first + 1.0, first + 2.5]
    agree("watch", rising + [-value for value in worse(rng, 0.0, 3)], patience=10, mode="max")
    agree("watch", mirrored("max", [first, *worse(rng, first, 2)]), patience=2, mode="max")


@pytest.mark.points(12)
@pytest.mark.hint("A gain over `best` of min_delta or less changes nothing: neither the count nor `best`.")
@pytest.mark.parametrize("mode", ["min", "max"])
def test_min_delta(agree, rng, mode):
    """In mode {mode} only a gain of more than min_delta over the best is an improvement."""
    first = start(rng)
    gains = [0.0, 0.25, 0.75, 1.0, 1.5, 1.25, 2.25]
    values = mirrored(mode, [first - gain for gain in gains])
    agree("watch", [value + 16.0 for value in values], patience=4, min_delta=0.5, mode=mode)
    agree("watch", values, patience=4, min_delta=0.5, mode=mode)


@pytest.mark.points(8)
@pytest.mark.hint("Better by *more* than min_delta: exactly as good, or better by exactly min_delta, is not enough.")
@pytest.mark.parametrize("mode", ["min", "max"])
def test_equality(agree, rng, mode):
    """In mode {mode} an equal value, or a gain of exactly min_delta, is no improvement."""
    first = start(rng)
    agree("watch", mirrored(mode, [first, first, first - 1.0, first - 1.0]), patience=10, mode=mode)
    values = mirrored(mode, [first, first - 0.5, first - 1.0, first - 1.5, first - 1.5])
    agree("watch", [value + 16.0 for value in values], patience=10, min_delta=0.5, mode=mode)
    agree("watch", values, patience=10, min_delta=0.5, mode=mode)


@pytest.mark.points(5)
@pytest.mark.hint("NaN compares as False with everything: make sure that this means 'no improvement' in your code.")
def test_nan_among_values(agree, rng):
    """NaN counts as an epoch without improvement and never becomes the best."""
    first = start(rng)
    agree("watch", [first, NAN, first - 0.5, NAN, first + 0.5, first - 0.25, first - 2.0], patience=3)


@pytest.mark.points(5)
@pytest.mark.hint("A NaN is no improvement even when nothing has been seen before it.")
def test_nan_first(agree, rng):
    """NaN as the first value counts as an epoch and leaves best and best_epoch None."""
    first = start(rng)
    agree("watch", [NAN, first, first - 0.5, first + 0.25], patience=10)
    agree("watch", [NAN, NAN, first], patience=2)


@pytest.mark.points(6)
@pytest.mark.hint("Once stopped, `step` returns True before it looks at the value.")
def test_after_stopping(agree, rng):
    """After stopping, step returns True and changes nothing, however good the value."""
    first = start(rng)
    agree("watch", [first, *worse(rng, first, 3), first - 1.0, first + 2.0, first - 2.0], patience=2)


@pytest.mark.points(3)
@pytest.mark.hint("State belongs to the object: set it on `self` in __init__, not on the class.")
def test_two_stoppers(agree, rng):
    """Two stoppers side by side know nothing of each other."""
    first, second = start(rng), start(rng) + 8.0
    falling = [second, second - 0.5, second - 1.0, second - 1.5]
    agree("watch_two", [first, *worse(rng, first, 3)], falling, patience=2)


@pytest.mark.points(6)
@pytest.mark.hint("Check the settings in __init__ and raise ValueError.")
@pytest.mark.parametrize("setting", ["patience=0", "min_delta=-0.5", "mode='auto'"])
def test_bad_settings(agree, setting):
    """The setting {setting} raises ValueError."""
    settings = {"patience=0": {"patience": 0}, "min_delta=-0.5": {"min_delta": -0.5}, "mode='auto'": {"mode": "auto"}}
    agree("EarlyStopping", **settings[setting])
