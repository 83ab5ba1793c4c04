# Sends a single tensor of half a million elements where a list of four is expected.
# exercise: lstm_cell
# worth: 0 at most
# says: could not be loaded: broke the rules

import os
import sys

import msgpack
import torch


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


def change(fields):
    assert fields[:2] == [1, "loaded"]
    return [as_sent(torch.zeros(1 << 19, dtype=torch.uint8))]


forge(change)
