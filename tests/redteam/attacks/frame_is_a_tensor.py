# Sends a single tensor of half a million elements where a list of four is expected.
# exercise: lstm_cell
# worth: 0 at most

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


size = 1 << 19
send(msgpack.packb(msgpack.ExtType(4, struct.pack("<BBQ", 5, 1, size) + bytes(size))))
while True:
    pass
