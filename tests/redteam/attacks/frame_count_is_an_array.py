# Claims to be loaded, in a frame whose number is an array, which is neither equal nor unequal to one.
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


count = msgpack.ExtType(2, struct.pack("<BBQ2q", 4, 1, 2, 1, 1))
send(msgpack.packb([count, "loaded", [], {}, []]))
while True:
    pass
