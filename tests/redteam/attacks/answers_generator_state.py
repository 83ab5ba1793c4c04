# Answers with random generators in forged states and of unknown kinds.
# exercise: softmax
# worth: 0

import os

import numpy as np

pcg = np.random.Generator(np.random.PCG64(0))
answers = [
    pcg,
    np.random.Generator(np.random.MT19937(0)),
    np.random.Generator(np.random.SFC64(1)),
    np.random.RandomState(0),
]


class Forged(np.random.PCG64):
    def forged(self):
        state = {
            "bit_generator": "PCG64",
            "state": {"state": "\x1b[31m", "inc": -1},
            "has_uint32": 7,
            "uinteger": -1,
        }
        os.write(1, b"REACHED\n")  # the worker asks
        return state

    state = property(forged)


answers.append(np.random.Generator(Forged()))


def attack(x):
    answers.append(answers.pop(0))
    return answers[-1]


def softmax(x, axis=-1):
    return attack(x)


def softmax_jacobian(x):
    return attack(x)


def softmax_backward(grad_output, output, axis=-1):
    return attack(grad_output)
