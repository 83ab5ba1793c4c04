import numpy as np


def xavier_uniform(fan_in, fan_out, rng):
    a = np.sqrt(6 / (fan_in + fan_out))
    return np.random.rand(fan_out, fan_in) * 2 * a - a


def xavier_normal(fan_in, fan_out, rng):
    return np.random.randn(fan_out, fan_in) * np.sqrt(2 / (fan_in + fan_out))


def he_uniform(fan_in, fan_out, rng):
    rng = np.random.default_rng()
    a = np.sqrt(6 / fan_in)
    return rng.uniform(-a, a, (fan_out, fan_in))


def he_normal(fan_in, fan_out, rng):
    return rng.normal(0, np.sqrt(2 / fan_in), (fan_out, fan_in))


def fans(shape):
    if len(shape) not in (2, 4):
        raise ValueError("rank")
    receptive = int(np.prod(shape[2:]))
    return shape[1] * receptive, shape[0] * receptive
