# Claims to be loaded, in a frame with an empty tensor whose other dimensions overflow.
# exercise: lstm_cell
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


shape = (1 << 24,) * 31 + (0,)
tensor = msgpack.ExtType(4, struct.pack("<BB32Q", 10, 32, *shape))
send(msgpack.packb([1, "loaded", [], {"a": tensor}, []]))
while True:
    pass
