"""Frames over a stream, and the few words the trusted process has with the worker host. Imports no NumPy."""

from __future__ import annotations

import struct

HEADER = struct.Struct(">I")
MAX_FRAME = 16 * 1024 * 1024  # bytes

# What the trusted process asks the host for: a letter and a pid. FORK comes with three file descriptors, the channel,
# the stream for prints and the socket for what is told, and is answered by the pid; END by the exit status and the peak
# memory in KiB. SPLIT comes with one, the control socket of a second host that is made by forking this one, and with
# the length of what it makes ready, in place of a pid; there is no answer. [setup, calls that are known to come] then
# comes on that socket, so that this one never has the calls. Where the length is 0 it has ready what this one has.
REQUEST = struct.Struct("<cI")
FORKED = struct.Struct("<I")
ENDED = struct.Struct("<iI")
FORK, END, SPLIT = b"F", b"E", b"S"


def frame(body: bytes) -> bytes:
    """A body with its length in front."""
    return HEADER.pack(len(body)) + body
