# Answers with a scalar, which broadcasts against whatever is expected.
# exercise: softmax
# worth: 0
# proof: got the float 0.25, expected an array

import numpy as np

answers = [0.25, np.float64(0.25), np.array(0.2), 0, True, np.array([[0.2]])]


def attack(x):
    answers.append(answers.pop(0))
    return answers[-1]


def softmax(x, axis=-1):
    return attack(x)


def softmax_jacobian(x):
    return attack(x)


def softmax_backward(grad_output, output, axis=-1):
    return attack(grad_output)
