"""Initial weights that keep the variance of the signal: Glorot & Bengio 2010 (Xavier) and He et al. 2015."""

import math

import numpy as np


def check_fans(fan_in, fan_out):
    for fan in (fan_in, fan_out):
        if not isinstance(fan, (int, np.integer)) or fan < 1:
            raise ValueError(f"fan_in and fan_out must be ints of at least 1, not {fan}")


def xavier_uniform(fan_in, fan_out, rng):
    check_fans(fan_in, fan_out)
    xavier_bound = math.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-xavier_bound, xavier_bound, (fan_out, fan_in))


def xavier_normal(fan_in, fan_out, rng):
    check_fans(fan_in, fan_out)
    xavier_std = math.sqrt(2 / (fan_in + fan_out))
    return rng.normal(0, xavier_std, (fan_out, fan_in))


def he_uniform(fan_in, fan_out, rng):
    check_fans(fan_in, fan_out)
    he_bound = math.sqrt(6 / fan_in)
    return rng.uniform(-he_bound, he_bound, (fan_out, fan_in))


def he_normal(fan_in, fan_out, rng):
    check_fans(fan_in, fan_out)
    he_std = math.sqrt(2 / fan_in)
    return rng.normal(0, he_std, (fan_out, fan_in))


def fans(shape):
    sizes = [int(size) for size in shape]
    if len(sizes) not in (2, 4) or min(sizes) < 1:
        raise ValueError(f"shape must be (O, I) or (O, I, kH, kW) with sizes of at least 1, not {tuple(shape)}")
    out_channels, in_channels, *kernel = sizes
    receptive_field = math.prod(kernel)
    fan_in = in_channels * receptive_field
    fan_out = out_channels * receptive_field
    return fan_in, fan_out
