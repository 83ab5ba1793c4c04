# Claims to be loaded, in a frame that names an infinite line number.
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


send(msgpack.packb([1, "loaded", [[float("inf"), "message"]], {"softmax": float("inf")}, []]))
while True:
    pass
