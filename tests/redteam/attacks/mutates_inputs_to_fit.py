# Turns the inputs to zeros so that a reference computed from them afterwards would agree.
# exercise: softmax
# worth: 0
# proof: after the call, argument 0: row 0

import numpy as np


def attack(x, *others):
    for array in (x, *others):
        if isinstance(array, np.ndarray):
            array[...] = 0
    return np.full(np.shape(x), 1 / max(np.shape(x)[-1], 1))


def softmax(x, axis=-1):
    return attack(x)


def softmax_backward(grad_output, output, axis=-1):
    return attack(grad_output, output)
