"""Probes of the optimizers: several steps in a row, and what a step leaves behind."""

import copy
import pickle

import numpy as np


def _one_step(module, name, param, grad, state, lr, settings):
    answer = getattr(module, name)(param, grad, state, lr, **settings)
    if not isinstance(answer, (tuple, list)) or len(answer) != 2:
        raise TypeError(f"{name} must return two values: new_param, new_state")
    return answer


def run(module, name, param, grads, lrs, settings):
    """The parameters after each step of a run. And what became of the states that were passed in, the empty one of the
    first step and those that the steps answered."""
    state, seen, changed = {}, [], []
    for grad, lr in zip(grads, lrs, strict=True):
        before, as_before = state, attempt(module, pickle.dumps, state)
        param, state = _one_step(module, name, param, grad, state, lr, settings)
        changed.append("changed" if attempt(module, pickle.dumps, before) != as_before else "as it was")
        seen.append(copy.deepcopy(param))
    first, *others = changed
    return {
        "parameters": seen,
        "states": {
            "the empty state that was passed in": first,
            "the states that were passed in later": "changed" if "changed" in others else "as it was",
        },
    }


def run_or_undefined(module, name, param, grads, lrs, settings):
    """The parameters of a run, with −1 for NaN, or the name of the error that a division by zero raises."""
    try:
        found = run(module, name, param, grads, lrs, settings)["parameters"]
    except ZeroDivisionError as error:
        return type(error).__name__
    return [np.nan_to_num(param, nan=-1.0) for param in found]
