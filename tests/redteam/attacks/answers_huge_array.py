# Answers with arrays of a hundred megabytes.
# exercise: softmax
# worth: 0
# check seconds: 10
# proof: got an answer that is too large

import numpy as np


def attack(x):
    return np.zeros((100, 1 << 20), dtype=np.uint8)


def softmax(x, axis=-1):
    return attack(x)


def softmax_jacobian(x):
    return attack(x)


def softmax_backward(grad_output, output, axis=-1):
    return attack(grad_output)
