import numpy as np


def xavier_uniform(fan_in, fan_out, rng):
    a = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-a, a, (fan_out, fan_in))


def xavier_normal(fan_in, fan_out, rng):
    return rng.normal(0, np.sqrt(2 / (fan_in + fan_out)), (fan_out, fan_in))


def he_uniform(fan_in, fan_out, rng):
    std = 1 / np.sqrt(fan_in)
    a = np.sqrt(3) * std
    return rng.uniform(-a, a, (fan_out, fan_in))


def he_normal(fan_in, fan_out, rng):
    std = 1 / np.sqrt(fan_in)
    return rng.normal(0, std, (fan_out, fan_in))


def fans(shape):
    if len(shape) == 2:
        fan_out, fan_in = shape
    elif len(shape) == 4:
        fan_out, fan_in = shape[:2]
    else:
        raise ValueError("rank")
    return fan_in, fan_out
