# Answers with object, structured, string, date, void and long double arrays.
# exercise: softmax
# worth: 0
# proof: got an array of dtype object with 1 dimensions

import numpy as np


class Equal:
    def __eq__(self, other):
        return True

    def __sub__(self, other):
        return 0.0

    __rsub__ = __abs__ = __sub__


answers = [
    np.array([Equal()] * 7, dtype=object),
    np.zeros(4, dtype=[("a", "f8"), ("b", "O")]),
    np.array(["0.2", "0.8"]),
    np.array([b"1"]),
    np.array(["2024-02-29"], dtype="datetime64[D]"),
    np.zeros(3, dtype="V16"),
    np.ones((4, 5), dtype=np.longdouble),
    np.ones((4, 5), dtype=">f8"),
    np.ones((4, 5), dtype=np.float16),
    np.ones((4, 5), dtype=np.complex128),
    np.rec.array([(1.0,)], dtype=[("x", "f8")]),
    np.matrix([[1.0]]),
    np.object_(Equal()),
    np.void(b"abc"),
]


def attack(x):
    answers.append(answers.pop(0))
    return answers[-1]


def softmax(x, axis=-1):
    return attack(x)


def softmax_jacobian(x):
    return attack(x)


def softmax_backward(grad_output, output, axis=-1):
    return attack(grad_output)
