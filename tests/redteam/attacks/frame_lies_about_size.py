# Claims to be loaded, in frames whose arrays and tensors have other sizes than their shapes say.
# exercise: softmax
# worth: 0

import os
import stat
import struct

import msgpack


def channel():
    """The socket that the frames go through."""
    for fd in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode):
                return fd
        except OSError:
            pass


def send(body):
    data = struct.pack(">I", len(body)) + body
    while data:
        data = data[os.write(channel(), data) :]


def array(tag, code, shape, data=b""):
    return msgpack.ExtType(tag, struct.pack(f"<BB{len(shape)}Q", code, len(shape), *shape) + data)


number = 0
bodies = [
    array(2, 11, (1 << 60, 1 << 60)),
    array(2, 11, (3,), b"\0" * 23),
    array(2, 200, (1,), b"\0"),
    array(4, 10, (1 << 24,) * 31 + (0,)),
    array(2, 10, (1 << 24,) * 31 + (0,)),
    array(2, 0, (4,), b"\2\3\4\5"),
    array(3, 11, (1,), b"\0" * 8),
    array(6, 255, (), b"\xff" * 33),
    msgpack.ExtType(2, b""),
    msgpack.ExtType(1, b"\xc1"),
]
for body in bodies:
    send(msgpack.packb([1, "loaded", [body], {"a": body}, []]))
while True:
    pass
