"""Probes of the optimizers: several steps in a row, and what a step leaves behind."""

import copy

import numpy as np


def _one_step(module, name, param, grad, state, lr, settings):
    answer = getattr(module, name)(param, grad, state, lr, **settings)
    if not isinstance(answer, (tuple, list)) or len(answer) != 2:
        raise TypeError(f"{name} must return two values: new_param, new_state")
    return answer


def run(module, name, param, grads, lrs, settings):
    """The parameters after each step of a run. And what became of the states that were passed in, the empty one of the
    first step and the one that a second step starts from a second time."""
    states, seen = [{}], [param]
    for grad, lr in zip(grads, lrs, strict=True):
        param, state = _one_step(module, name, param, grad, states[-1], lr, settings)
        states.append(state)
        seen.append(copy.deepcopy(param))
    kept = attempt(module, _states, module, name, states, seen, grads, lrs, settings)
    return {"parameters": seen[1:], "states": kept}


def _states(module, name, states, seen, grads, lrs, settings):
    again, _ = _one_step(module, name, copy.deepcopy(seen[1]), grads[1], states[1], lrs[1], settings)
    numbers = all(isinstance(param, np.ndarray) and param.dtype.kind == "f" for param in (seen[2], again))
    same = np.array_equal(seen[2], again, equal_nan=numbers)  # NaN is another matter
    return {
        "the empty state that was passed in": "has entries" if states[0] else "is still empty",
        "a second step from the same state": "the same result" if same else "another result",
    }


def run_or_undefined(module, name, param, grads, lrs, settings):
    """The parameters of a run, with −1 for NaN, or the name of the error that a division by zero raises."""
    try:
        found = run(module, name, param, grads, lrs, settings)["parameters"]
    except ZeroDivisionError as error:
        return type(error).__name__
    return [np.nan_to_num(param, nan=-1.0) for param in found]
