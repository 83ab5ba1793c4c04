# Answers with masked arrays, in which every element is hidden from comparison.
# exercise: softmax
# worth: 0

import numpy as np


def attack(x):
    return np.ma.masked_all(np.shape(x))


def softmax(x, axis=-1):
    return attack(x)


def softmax_jacobian(x):
    return attack(x)


def softmax_backward(grad_output, output, axis=-1):
    return attack(grad_output)
