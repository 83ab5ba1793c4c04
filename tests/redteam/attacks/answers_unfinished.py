# Answers with generators, coroutines, functions, types, modules and open iterators.
# exercise: softmax
# worth: 0
# proof: got an object of type coroutine

import itertools
import sys


async def coroutine():
    return 1.0


def attack(x):
    things = [coroutine(), (i for i in range(3)), attack, type, sys, itertools.count(), iter([1.0]), memoryview(b"abc")]
    return things[attack.calls % len(things)] if hasattr(attack, "calls") else setattr(attack, "calls", 0)


attack.calls = 0
count = itertools.count()


def softmax(x, axis=-1):
    attack.calls = next(count)
    return attack(x)


def softmax_backward(grad_output, output, axis=-1):
    attack.calls = next(count)
    return [attack(output)]
