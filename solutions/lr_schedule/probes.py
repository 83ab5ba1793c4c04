"""Probes of lr_schedule: each schedule at many epochs. They bear the functions' own names, so that messages do too."""

import numpy as np


def exponential_decay(module, epochs, *args, **kwargs):
    return named("epochs", epochs, [module.exponential_decay(epoch, *args, **kwargs) for epoch in epochs])


def step_decay(module, epochs, *args, **kwargs):
    return named("epochs", epochs, [module.step_decay(epoch, *args, **kwargs) for epoch in epochs])


def cosine_with_warmup(module, steps, *args, **kwargs):
    return named("steps", steps, [module.cosine_with_warmup(step, *args, **kwargs) for step in steps])


def named(what, numbers, rates):
    """The rates as one array, under a name that says which epochs its elements belong to."""
    return {f"{what} {', '.join(str(number) for number in numbers)}": np.array(rates)}
