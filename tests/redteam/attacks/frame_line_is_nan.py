# Claims to be loaded, in a frame that names no number as a line, and numbers too large to print.
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


send(msgpack.packb([1, "loaded", [[float("nan"), "message"]], {"softmax": -(2**63)}, []]))
while True:
    pass
