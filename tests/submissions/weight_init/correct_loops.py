import numpy as np


def variance(kind, fan_in, fan_out):
    return 1 / ((fan_in + fan_out) / 2) if kind == "xavier" else 2 / fan_in


def uniform(var, fan_in, fan_out, rng):
    a = (3 * var) ** 0.5
    w = np.empty((fan_out, fan_in))
    for i in range(fan_out):
        for j in range(fan_in):
            w[i, j] = rng.uniform(-a, a)
    return w


def normal(var, fan_in, fan_out, rng):
    rows = [[rng.normal(0.0, var**0.5) for _ in range(fan_in)] for _ in range(fan_out)]
    return np.array(rows)


def xavier_uniform(fan_in, fan_out, rng):
    return uniform(variance("xavier", fan_in, fan_out), fan_in, fan_out, rng)


def xavier_normal(fan_in, fan_out, rng):
    return normal(variance("xavier", fan_in, fan_out), fan_in, fan_out, rng)


def he_uniform(fan_in, fan_out, rng):
    return uniform(variance("he", fan_in, fan_out), fan_in, fan_out, rng)


def he_normal(fan_in, fan_out, rng):
    return normal(variance("he", fan_in, fan_out), fan_in, fan_out, rng)


def fans(shape):
    n = len(shape)
    if n == 2:
        return shape[1], shape[0]
    if n == 4:
        area = 1
        for k in shape[2:]:
            area *= k
        return shape[1] * area, shape[0] * area
    raise ValueError(f"cannot tell the fans of {n} sizes")
