# Raises SystemExit(0) instead of answering.
# exercise: softmax
# worth: 0
# proof: softmax raised SystemExit: 0

import sys


def attack(x):
    sys.exit(0)


def softmax(x, axis=-1):
    return attack(x)


def softmax_jacobian(x):
    return attack(x)


def softmax_backward(grad_output, output, axis=-1):
    return attack(grad_output)
