"""The early stopping reference against the definition written over the whole history, and by hand."""

import math
import random

import pytest

NAN = float("nan")


def replay(reference, values, **settings):
    stopper = reference.EarlyStopping(**settings)
    answers = [stopper.step(value) for value in values]
    return answers, stopper.best, stopper.best_epoch, stopper.stopped


def history(values, patience, min_delta, mode):
    """The same four results, from the list of improvements of the whole history."""
    sign = 1 if mode == "min" else -1
    improvements = []
    for epoch, value in enumerate(values):
        if value == value and (not improvements or sign * (values[improvements[-1]] - value) > min_delta):
            improvements.append(epoch)
    stop = next(
        (
            epoch
            for epoch in range(patience - 1, len(values))
            if not any(epoch - patience < good <= epoch for good in improvements)
        ),
        len(values),
    )
    before = [epoch for epoch in improvements if epoch < stop]
    best_epoch = before[-1] if before else None
    best = values[best_epoch] if before else None
    return [epoch >= stop for epoch in range(len(values))], best, best_epoch, stop < len(values)


@pytest.mark.parametrize("mode", ["min", "max"])
@pytest.mark.parametrize("min_delta", [0.0, 0.25, 1.0])
@pytest.mark.parametrize("patience", [1, 2, 3, 5])
def test_step_equals_the_definition(reference, patience, min_delta, mode):
    draws = random.Random(0)
    for _ in range(100):
        values = [draws.choice([0.0, 0.25, 0.5, 1.0, 1.5, 2.0, -1.0, NAN]) for _ in range(12)]
        want = history(values, patience, min_delta, mode)
        assert replay(reference, values, patience=patience, min_delta=min_delta, mode=mode) == want


def test_defaults_are_patience_three_no_margin_and_min(reference):
    assert replay(reference, [1.0, 1.0, 1.0, 1.0]) == ([False, False, False, True], 1.0, 0, True)
    assert replay(reference, [3, 2, 1]) == ([False] * 3, 1, 2, False)


def test_nothing_seen_yet(reference):
    stopper = reference.EarlyStopping()
    assert (stopper.best, stopper.best_epoch, stopper.stopped) == (None, None, False)


@pytest.mark.parametrize(("mode", "values"), [("min", [4.0, 3.5, 3.0, 2.75]), ("max", [-4.0, -3.5, -3.0, -2.75])])
def test_improvement_is_over_the_best_by_more_than_min_delta(reference, mode, values):
    answers, best, best_epoch, stopped = replay(reference, values, patience=2, min_delta=0.5, mode=mode)
    assert (answers, best, best_epoch, stopped) == ([False] * 4, values[2], 2, False)


def test_nan_counts_and_never_improves(reference):
    assert replay(reference, [NAN, NAN], patience=2) == ([False, True], None, None, True)
    assert replay(reference, [NAN, 5.0, NAN, 4.0, NAN, NAN], patience=2) == ([False] * 5 + [True], 4.0, 3, True)


@pytest.mark.parametrize("late", [0.0, NAN, 9.0, -math.inf])
def test_nothing_changes_after_stopping(reference, late):
    assert replay(reference, [1.0, 2.0, late, late], patience=1) == ([False, True, True, True], 1.0, 0, True)


@pytest.mark.parametrize("settings", [{"patience": 0}, {"patience": -1}, {"min_delta": -0.1}, {"mode": "auto"}])
def test_bad_settings_raise(reference, settings):
    with pytest.raises(ValueError, match=next(iter(settings))):
        reference.EarlyStopping(**settings)
