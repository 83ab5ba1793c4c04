import numpy as np


def xavier_uniform(fan_in, fan_out, rng):
    limit = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-limit, limit, size=(fan_out, fan_in))


def xavier_normal(fan_in, fan_out, rng):
    return rng.normal(loc=0.0, scale=2 / (fan_in + fan_out), size=(fan_out, fan_in))


def he_uniform(fan_in, fan_out, rng):
    limit = np.sqrt(6 / fan_in)
    return rng.uniform(-limit, limit, size=(fan_out, fan_in))


def he_normal(fan_in, fan_out, rng):
    return rng.standard_normal((fan_out, fan_in)) * (2 / fan_in)


def fans(shape):
    if len(shape) == 2:
        return shape[1], shape[0]
    if len(shape) == 4:
        fan_in = np.prod(shape[1:])
        return int(fan_in), shape[0]
    raise ValueError(shape)
