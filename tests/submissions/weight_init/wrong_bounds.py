import numpy as np


class Initialiser:
    def __init__(self, variance):
        self.variance = variance

    def uniform(self, rng, size):
        # a uniform distribution on [-a, a) has variance a² / 3
        a = np.sqrt(3 * self.variance / 2)
        return rng.uniform(-a, a, size)

    def normal(self, rng, size):
        return rng.normal(0.0, np.sqrt(self.variance), size)


def xavier_uniform(fan_in, fan_out, rng):
    return Initialiser(2 / (fan_in + fan_out)).uniform(rng, (fan_out, fan_in))


def xavier_normal(fan_in, fan_out, rng):
    return Initialiser(2 / (fan_in + fan_out)).normal(rng, (fan_out, fan_in))


def he_uniform(fan_in, fan_out, rng):
    return Initialiser(2 / fan_in).uniform(rng, (fan_out, fan_in))


def he_normal(fan_in, fan_out, rng):
    return Initialiser(2 / fan_in).normal(rng, (fan_out, fan_in))


def fans(shape):
    if len(shape) == 4:
        return shape[1] * shape[2] * shape[3], shape[0] * shape[2] * shape[3]
    if len(shape) == 2:
        return tuple(reversed(shape))
    raise ValueError("shape")
