import math

import numpy as np


def xavier_uniform(fan_in, fan_out, rng):
    a = math.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-a, a, (fan_in, fan_out))


def xavier_normal(fan_in, fan_out, rng):
    return rng.normal(0, math.sqrt(2 / (fan_in + fan_out)), (fan_in, fan_out))


def he_uniform(fan_in, fan_out, rng):
    a = math.sqrt(6 / fan_in)
    return rng.uniform(-a, a, (fan_in, fan_out))


def he_normal(fan_in, fan_out, rng):
    return rng.normal(0, math.sqrt(2 / fan_in), (fan_in, fan_out))


def fans(shape):
    if len(shape) not in (2, 4):
        raise ValueError("rank")
    k = np.prod(shape[2:]) if len(shape) == 4 else 1
    return int(shape[0] * k), int(shape[1] * k)
