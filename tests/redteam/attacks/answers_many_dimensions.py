# Answers with arrays of 64 dimensions and with shapes whose product overflows.
# exercise: softmax
# worth: 0
# proof: got an array of dtype float64 with 64 dimensions

import numpy as np

answers = [np.zeros((1,) * 64), np.zeros((0,) + (1 << 15,) * 3), np.zeros((1,) * 33), np.zeros((1,) * 32)]


def attack(x):
    answers.append(answers.pop(0))
    return answers[-1]


def softmax(x, axis=-1):
    return attack(x)


def softmax_jacobian(x):
    return attack(x)


def softmax_backward(grad_output, output, axis=-1):
    return attack(grad_output)
