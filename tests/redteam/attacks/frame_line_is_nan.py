# Claims to be loaded, in a frame that names no number as a line, and numbers too large to print.
# exercise: softmax
# worth: 0
# says: could not be loaded: broke the rules

import os
import sys

import msgpack


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


def change(fields):
    assert fields[:2] == [1, "loaded"]
    problem = fields[2][0]
    line, message = msgpack.unpackb(problem.data)
    assert type(line) is int
    problem = msgpack.ExtType(problem.code, msgpack.packb([float("nan"), message]))
    return [[*fields[:2], [problem], {"softmax": -(2**63)}, *fields[4:]]]


forge(change)
1 / 0
