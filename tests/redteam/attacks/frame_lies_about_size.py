# Answers in frames whose arrays have other sizes than their shapes say.
# exercise: softmax
# worth: 0
# says: softmax broke the rules of the wire

import os
import struct
import sys

import msgpack
import numpy as np


def forge(change):
    """Sends, in place of the worker's next answer, the frames that `change` makes of it."""
    frame = sys._getframe()
    while frame:
        for kind in map(type, frame.f_locals.values()):
            if hasattr(kind, "send") and hasattr(kind, "receive"):
                return replace(kind, kind.send, change)
        frame = frame.f_back


def replace(kind, real, change):
    def send(self, body):
        if b"loading" in body[:20]:  # announces the answer
            return real(self, body)
        kind.send = real
        frames = change(msgpack.unpackb(body, strict_map_key=False))
        os.write(1, b"REACHED\n")
        for each in frames:
            real(self, each if isinstance(each, bytes) else msgpack.packb(each))

    kind.send = send


def as_sent(value):
    """A value as the worker itself sends it."""
    return msgpack.unpackb(sys.modules["grader.sandbox.protocol.codec"].encode(value))


ARRAY, SCALAR = as_sent(np.ones(1)).code, as_sent(np.float64(1)).code
TUPLE, GENERATOR = as_sent(()).code, as_sent(np.random.default_rng()).code


def array(tag, code, shape, data=b""):
    return msgpack.ExtType(tag, struct.pack(f"<BB{len(shape)}Q", code, len(shape), *shape) + data)


lies = [
    array(ARRAY, 11, (1 << 60, 1 << 60)),
    array(ARRAY, 11, (3,), b"\0" * 23),
    array(ARRAY, 200, (1,), b"\0"),
    array(ARRAY, 10, (1 << 24,) * 31 + (0,)),
    array(ARRAY, 0, (4,), b"\2\3\4\5"),
    array(SCALAR, 11, (1,), b"\0" * 8),
    array(GENERATOR, 255, (), b"\xff" * 33),
    msgpack.ExtType(ARRAY, b""),
    msgpack.ExtType(TUPLE, b"\xc1"),
]
assert as_sent(np.ones(3)) == array(ARRAY, 11, (3,), np.ones(3).tobytes())


def attack(x, *others, **settings):
    lie = lies[np.asarray(x).size % len(lies)]  # a worker that lied is replaced and remembers nothing
    forge(lambda fields: [[*fields[:2], lie, *fields[3:]]])


softmax = softmax_jacobian = softmax_backward = attack
