"""Xavier and He initialisation

The spread of the first weights is chosen so that signals keep their variance from layer to layer. For a layer with
fan_in inputs and fan_out outputs:

    Xavier (Glorot): Var(w) = 2 / (fan_in + fan_out)        He (Kaiming): Var(w) = 2 / fan_in

A uniform distribution on [−a, a) has the variance a²/3.

1. `xavier_uniform`, `xavier_normal`, `he_uniform`, `he_normal`, all called as `(fan_in, fan_out, rng)`, return a
   float64 weight matrix of shape (fan_out, fan_in) with mean 0 and the variance above. Each makes exactly one call:
   `rng.uniform(−a, a, size)` in the uniform ones, `rng.normal(0, std, size)` in the normal ones, with size
   (fan_out, fan_in). `rng` is a `numpy.random.Generator`; no other source of randomness is used.
2. `fans(shape)` → `(fan_in, fan_out)`, two ints: of a linear weight (O, I), I and O; of a convolution weight
   (O, I, kH, kW), the number of inputs that one output sees, I·kH·kW, and the number of outputs that one input
   reaches, O·kH·kW.

ValueError: a fan that is not an int of at least 1; a shape that has neither two nor four sizes or holds one below 1.

>>> he_normal(3, 2, np.random.default_rng(0)).round(4).tolist()
[[0.1027, -0.1079, 0.5229], [0.0857, -0.4374, 0.2952]]
"""

import numpy as np


def xavier_uniform(fan_in: int, fan_out: int, rng: np.random.Generator) -> np.ndarray:
    """(fan_out, fan_in) uniform weights of variance 2/(fan_in + fan_out)."""
    # TODO
    raise NotImplementedError("xavier_uniform")


def xavier_normal(fan_in: int, fan_out: int, rng: np.random.Generator) -> np.ndarray:
    """(fan_out, fan_in) normal weights of variance 2/(fan_in + fan_out)."""
    # TODO
    raise NotImplementedError("xavier_normal")


def he_uniform(fan_in: int, fan_out: int, rng: np.random.Generator) -> np.ndarray:
    """(fan_out, fan_in) uniform weights of variance 2/fan_in."""
    # TODO
    raise NotImplementedError("he_uniform")


def he_normal(fan_in: int, fan_out: int, rng: np.random.Generator) -> np.ndarray:
    """(fan_out, fan_in) normal weights of variance 2/fan_in."""
    # TODO
    raise NotImplementedError("he_normal")


def fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """(fan_in, fan_out) of a weight of shape (O, I) or (O, I, kH, kW)."""
    # TODO
    raise NotImplementedError("fans")
