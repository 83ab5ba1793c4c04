# Answers with NaN everywhere, which no test for "greater than the tolerance" finds.
# exercise: softmax
# worth: 0
# proof: got nan, expected a finite number

import numpy as np


def attack(x):
    shape = np.shape(x)
    return np.full(shape, np.nan, dtype=getattr(x, "dtype", float))


def softmax(x, axis=-1):
    return attack(x)


def softmax_jacobian(x):
    return attack(x)


def softmax_backward(grad_output, output, axis=-1):
    return attack(grad_output)
