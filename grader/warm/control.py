"""Finds the server of this environment, asks how it is, and ends it."""

from __future__ import annotations

import json
import os
import select
import signal
from contextlib import suppress
from typing import Any

from grader.warm import address, wire

PROCESS = "grade, warm"  # the name of such a process: nothing else is ended, whatever listens there
BUSY = 3.0  # seconds in which it may be making an exercise ready
PATIENCE = 0.5  # seconds for a server to take a connection, and for one that was ended to be gone


def server_process(folder: int) -> tuple[int, int] | None:
    """The process that listens: (its id, a descriptor of it); None where there is none."""
    connection = wire.connect(folder, address.socket_name(), PATIENCE)
    if connection is None:
        return None
    with connection:
        pid, _ = wire.peer_of(connection)
        try:
            process = os.pidfd_open(pid)
        except (OSError, ValueError):
            return None
        # Where there is something to read it has gone, and the number may be another's by now.
        if not select.select([connection], [], [], 0)[0] and name_of(pid) == PROCESS:
            return pid, process
        os.close(process)
        return None


def name_of(process: int) -> str:
    try:
        with open(f"/proc/{process}/comm", encoding="utf-8", errors="replace") as name:
            return name.read().strip()
    except OSError:
        return ""


def status(folder: int) -> dict[str, Any] | None:
    """What the server of this environment says of itself; None where there is none that answers."""
    connection = wire.connect(folder, address.socket_name(), PATIENCE)
    if connection is None:
        return None
    connection.settimeout(BUSY)
    with connection, suppress(OSError, ValueError):
        connection.sendall(wire.packed(wire.Request(wire.STATUS)))
        with connection.makefile("rb") as answer:
            found = json.loads(answer.read())
        return found if isinstance(found, dict) else None
    return None


def end_server(folder: int) -> bool:
    """Whether there was one. Its worker hosts end with it; whoever it is answering just now gets the answer."""
    found = server_process(folder)
    if found is not None:
        with suppress(OSError):
            signal.pidfd_send_signal(found[1], signal.SIGKILL)
            select.select([found[1]], [], [], PATIENCE)
        os.close(found[1])
    with suppress(FileNotFoundError):
        os.unlink(address.socket_name(), dir_fd=folder)
    return found is not None
