import numpy as np


def _check(*sizes):
    for s in sizes:
        if int(s) != s or s <= 0:
            raise ValueError("fans are positive integers")


def xavier_uniform(fan_in, fan_out, rng):
    _check(fan_in, fan_out)
    limit = np.sqrt(6.0) / np.sqrt(fan_in + fan_out)
    return (2.0 * rng.random((fan_out, fan_in)) - 1.0) * limit


def xavier_normal(fan_in, fan_out, rng):
    _check(fan_in, fan_out)
    return rng.standard_normal((fan_out, fan_in)) * np.sqrt(2.0 / (fan_in + fan_out))


def he_uniform(fan_in, fan_out, rng):
    _check(fan_in, fan_out)
    gain = np.sqrt(2.0)
    limit = gain * np.sqrt(3.0 / fan_in)
    return rng.uniform(low=-limit, high=limit, size=(fan_out, fan_in))


def he_normal(fan_in, fan_out, rng):
    _check(fan_in, fan_out)
    return rng.normal(scale=np.sqrt(2.0 / fan_in), size=[fan_out, fan_in])


def fans(shape):
    shape = np.asarray(shape)
    if shape.size not in (2, 4):
        raise ValueError("2-D or 4-D weights only")
    field = np.prod(shape[2:], dtype=int)
    return int(shape[1] * field), int(shape[0] * field)
