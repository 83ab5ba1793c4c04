"""What a client and a server say to each other. Imports next to nothing.

    client → server    a request; once it is told ALIVE, STREAMS with the descriptors of the standard streams and of the
                       working folder; GO once it is told READY; INTERRUPT for Ctrl-C. The end: the client has gone.
    server → client    ALIVE as soon as it has read a request that it may answer; then, from the process that was forked
                       for it, READY, and ENDS with the exit status.
                       JSON to who asks for its status.

A request is lists of byte strings: no text has to be understood to be told from the next. No answer is given to what
does not fit.
"""

from __future__ import annotations

import os
import socket
import struct

ALIVE, READY, ENDS = b"A", b"R", b"E"
STREAMS, GO, INTERRUPT = b"S", b"G", b"I"
STATUS = b"status"  # in the place of a stamp: what does the server hold?
SIZE = struct.Struct("!I")
LARGEST = 4 << 20  # bytes of a request
DESCRIPTORS = 4  # standard input, output, errors, and the working folder
PEER = struct.Struct("3i")


class Request:
    """`environment` as name=value, `path`: where Python looks for modules, `streams`: encoding and errors of standard
    output and of standard errors."""

    def __init__(
        self,
        stamp: bytes,
        umask: int = 0,
        arguments: list[bytes] | None = None,
        environment: list[bytes] | None = None,
        path: list[bytes] | None = None,
        streams: list[bytes] | None = None,
    ) -> None:
        self.stamp, self.umask = stamp, umask
        self.arguments, self.environment = arguments or [], environment or []
        self.path, self.streams = path or [], streams or []


def packed(request: Request) -> bytes:
    head = [request.stamp, b"%d" % request.umask]
    lists = (head, request.arguments, request.environment, request.path, request.streams)
    body = b"".join(SIZE.pack(len(each)) + b"".join(SIZE.pack(len(one)) + one for one in each) for each in lists)
    return SIZE.pack(len(body)) + body


def unpacked(body: bytes) -> Request:
    """Raises ValueError and struct.error for what is no request."""
    at = 0
    lists: list[list[bytes]] = []
    while at < len(body):
        (count,) = SIZE.unpack_from(body, at)
        at += SIZE.size
        lists.append([])
        for _ in range(count):
            (size,) = SIZE.unpack_from(body, at)
            at += SIZE.size + size
            lists[-1].append(body[at - size : at])
    (stamp, umask), arguments, environment, path, streams = lists
    return Request(stamp, int(umask), arguments, environment, path, streams)


def peer_of(connection: socket.socket) -> tuple[int, int]:
    """(process id, user id) of who is at the other end; of a server, who began to listen."""
    pid, uid, _ = PEER.unpack(connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, PEER.size))
    return pid, uid


def connect(folder: int, name: str, seconds: float) -> socket.socket | None:
    """A connection to this user's server; None where there is none."""
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(seconds)
    try:
        connection.connect(f"/proc/self/fd/{folder}/{name}")
        if peer_of(connection)[1] == os.geteuid():
            return connection
    except OSError:
        pass
    connection.close()
    return None
