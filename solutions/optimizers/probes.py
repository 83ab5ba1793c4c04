"""Probes of the optimizers: several steps in a row, and what a step leaves behind."""

import copy

import numpy as np


def _one_step(module, name, param, grad, state, lr, settings):
    answer = getattr(module, name)(param, grad, state, lr, **settings)
    if not isinstance(answer, (tuple, list)) or len(answer) != 2:
        raise TypeError(f"{name} must return two values: new_param, new_state")
    return answer


def run(module, name, param, grads, lrs, settings):
    """The parameters after each step of a run that starts with an empty state."""
    state, seen = {}, []
    for grad, lr in zip(grads, lrs, strict=True):
        param, state = _one_step(module, name, param, grad, state, lr, settings)
        seen.append(copy.deepcopy(param))
    return seen


def run_or_undefined(module, name, param, grads, lrs, settings):
    """A run, with −1 for NaN, or the name of the error that a division by zero raises."""
    try:
        return [np.nan_to_num(param, nan=-1.0) for param in run(module, name, param, grads, lrs, settings)]
    except ZeroDivisionError as error:
        return type(error).__name__


def state_after_steps(module, name, param, grads, lr):
    """What became of the empty state passed in, and of two second steps that start from the same state."""
    state = {}
    _, after = _one_step(module, name, param.copy(), grads[0].copy(), state, lr, {})
    filled = len(state) > 0
    one, _ = _one_step(module, name, param.copy(), grads[1].copy(), after, lr, {})
    one = copy.deepcopy(one)
    other, _ = _one_step(module, name, param.copy(), grads[1].copy(), after, lr, {})
    numbers = all(isinstance(param, np.ndarray) and param.dtype.kind == "f" for param in (one, other))
    same = np.array_equal(one, other, equal_nan=numbers)  # NaN is another matter
    return {
        "the empty state that was passed in": "has entries" if filled else "is still empty",
        "a second step from the same state": "the same result" if same else "another result",
    }


def arrays_after_steps(module, name, param, grads, lr):
    """The parameters and gradients passed in, as they are after a first and a second step."""
    _, state = _one_step(module, name, param, grads[0], {}, lr, {})
    _one_step(module, name, param, grads[1], state, lr, {})
    return [param, *grads]
