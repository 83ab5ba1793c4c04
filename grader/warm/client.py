"""The client: what `grade` does before it imports anything. Whatever goes wrong, the answer is None: start cold."""

from __future__ import annotations

import os
import socket
import sys
import time

from grader.warm import address, wire

PATIENCE = 0.05  # seconds that a server has to show that it is there
LONGEST_START = 0.2  # seconds that it has then to fork a process, on a machine that is busy
OPTIONS = {  # those that a server can answer, and whether a value follows
    "-e": True, "--exercise": True, "--json": True, "--junit": True, "--summary": True, "--course": True,
    "--seed": True, "--reports": True, "--timeout": True, "--total": True, "--memory": True,
    "--allow-unsandboxed": False, "--watch": False, "-q": False, "--quiet": False, "-v": False, "--verbose": False,
}  # fmt: skip
SUFFIXES = (".py", ".ipynb")


def fits() -> bool:
    """Whether this is a run that a server may answer, and that leaves one: of files, and for somebody who waits."""
    wish = os.environ.get("GRADER_WARM", "")
    if sys.platform != "linux" or wish == "0" or "_GRADE_COMPLETE" in os.environ:
        return False
    if os.environ.get("CI", "").lower() not in ("", "0", "false"):
        return False
    if None in (sys.stdin, sys.stdout, sys.stderr) or not (wish == "1" or sys.stdout.isatty()):
        return False
    return are_files(sys.argv[1:])


def are_files(arguments: list[str]) -> bool:
    """Whether a command line names files only, no class, and has no option but those that a server knows."""
    files: list[str] = []
    reports = "reports"
    rest = iter(arguments)
    for argument in rest:
        if argument == "--":
            files += rest
        elif argument.startswith("-") and argument != "-":
            name, equals, value = argument.partition("=")
            takes_value = OPTIONS.get(name)
            if takes_value is None or (equals and not takes_value):
                return False
            if takes_value and not equals:
                value = next(rest, "")
            reports = value if name == "--reports" else reports
        else:
            files.append(argument)
    if os.path.exists(os.path.join(reports, "gradebook.sqlite")):  # they may be of a class
        return False
    return bool(files) and all(file.lower().endswith(SUFFIXES) and not os.path.isdir(file) for file in files)


def stamp() -> bytes:
    """Empty where it cannot be found out, as in a sandbox without /proc."""
    try:
        return address.stamp()
    except OSError:
        return b""


def ask(stamp: bytes) -> int | None:
    """Has a server answer this command. The exit status; None where nobody did."""
    try:
        folder = address.open_folder()
        if folder is None:
            return None
        connection = wire.connect(folder, address.socket_name(), PATIENCE)
        os.close(folder)
        if connection is None:
            return None
        with connection:
            if not begin(connection, stamp):
                return None
            return follow(connection)
    except OSError:
        return None


def begin(connection: socket.socket, stamp: bytes) -> bool:
    """Whether a server has taken on the command."""
    deadline = time.monotonic() + PATIENCE
    here = os.open(".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        connection.sendall(wire.packed(request(stamp)))
        connection.settimeout(max(deadline - time.monotonic(), 0.001))
        if connection.recv(1) != wire.ALIVE:
            return False
        # Only now: whoever reads from a pipe would wait for its end as long as they lie in the queue of one that hangs.
        socket.send_fds(connection, [wire.STREAMS], [0, 1, 2, here])
    finally:
        os.close(here)
    connection.settimeout(LONGEST_START)
    if connection.recv(1) != wire.READY:
        return False
    connection.settimeout(None)
    connection.sendall(wire.GO)
    return True


def request(stamp: bytes) -> wire.Request:
    umask = os.umask(0o077)
    os.umask(umask)
    return wire.Request(
        stamp,
        umask,
        [os.fsencode(argument) for argument in sys.argv],
        [name + b"=" + value for name, value in os.environb.items()],
        [os.fsencode(entry) for entry in sys.path],
        [text.encode() for stream in (sys.stdout, sys.stderr) for text in (stream.encoding, stream.errors or "strict")],
    )


def follow(connection: socket.socket) -> int | None:
    """Waits for the end, and passes Ctrl-C on; a second one ends this process alone."""
    interrupted = False
    while True:
        try:
            said = connection.recv(1)
            if said == wire.ENDS:
                return connection.recv(1)[0]
            return 1 if interrupted else None  # it has gone, or is no server of ours
        except KeyboardInterrupt:
            if interrupted:
                return 1
            interrupted = True
            connection.sendall(wire.INTERRUPT)
        except (OSError, IndexError):
            return None
