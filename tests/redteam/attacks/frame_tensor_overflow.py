# Claims to be loaded, in a frame with an empty tensor whose other dimensions overflow.
# exercise: lstm_cell
# worth: 0
# says: could not be loaded: broke the rules

import os
import struct
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
    shape = (1 << 24,) * 31 + (0,)
    overflow = msgpack.ExtType(as_sent(torch.ones(1)).code, struct.pack("<BB32Q", 10, 32, *shape))
    return [[*fields[:3], {"a": overflow}, *fields[4:]]]


forge(change)
