"""The forked process that answers one client: it becomes the client, and runs the command that was asked for."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn, TextIO

from grader.sandbox.host import Hosts
from grader.warm import wire
from grader.warm.memory import be_first_to_go
from grader.warm.prepared import Prepared

if TYPE_CHECKING:
    from grader.course.exercise import Exercise
    from grader.grading.examiner import Examiner, Grading

Place = tuple[str, str]  # the folder of a course, and the name of an exercise
Command = Callable[[Sequence[str], Prepared], object]
GO_SECONDS = 5.0


class Session(Prepared):
    """What a server has ready. `news`: the pipe by which the server learns which exercises were asked for."""

    def __init__(self, connection: socket.socket, hosts: Hosts, examiners: Mapping[Place, Examiner], news: int) -> None:
        self._connection, self._hosts, self._examiners, self._news = connection, hosts, examiners, news

    def hosts(self) -> Hosts:
        return self._hosts

    def examiner(self, exercise: Exercise) -> Examiner | None:
        found = self._examiners.get(place_of(exercise))
        if found is None:
            return None
        ours = found.exercise
        # What a stub has to say of it, which a student may be at work in.
        same = (ours.names, ours.title, ours.libraries) == (exercise.names, exercise.title, exercise.libraries)
        return found if same else None

    def graded(self, grading: Grading) -> None:
        with suppress(OSError):
            for examiner in grading.examiners.values():
                os.write(self._news, json.dumps(place_of(examiner.exercise)).encode() + b"\n")

    def end(self, status: int) -> NoReturn:
        with suppress(OSError):
            self._connection.sendall(wire.ENDS + bytes([status & 0xFF]))
        os._exit(status)


def place_of(exercise: Exercise) -> Place:
    from grader.course.course import Course

    return str(Course.of(exercise).root), exercise.name


def answer(
    session: Session, connection: socket.socket, request: wire.Request, streams: Sequence[int], run: Command
) -> NoReturn:
    """Runs the command as the client would. Does not return."""
    become(request, streams)
    connection.settimeout(GO_SECONDS)
    connection.sendall(wire.READY)
    if connection.recv(1) != wire.GO:
        os._exit(0)
    connection.settimeout(None)
    threading.Thread(target=listen, args=(connection,), daemon=True).start()
    try:
        run(sys.argv[1:], session)
        status: object = 0
    except SystemExit as end:
        status = end.code or 0
    except BaseException:
        traceback.print_exc()
        status = 1
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    session.end(status if isinstance(status, int) else 1)


def become(request: wire.Request, streams: Sequence[int]) -> None:
    """Takes over what the client has: streams, working folder, environment, arguments."""
    be_first_to_go(0)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    *standard, folder = streams
    for number, descriptor in enumerate(standard):
        os.dup2(descriptor, number)
    os.fchdir(folder)
    for descriptor in streams:
        os.close(descriptor)
    os.umask(request.umask)
    os.environ.clear()
    os.environb.update(dict(variable.split(b"=", 1) for variable in request.environment))
    sys.argv[:] = map(os.fsdecode, request.arguments)
    sys.path[:] = map(os.fsdecode, request.path)
    encodings = [text.decode() for text in request.streams]
    sys.stdin = os.fdopen(0, closefd=False)
    sys.stdout = opened(1, *encodings[:2])
    sys.stderr = opened(2, *encodings[2:])
    for name in ("stdin", "stdout", "stderr"):  # by which the width of the terminal is found
        setattr(sys, f"__{name}__", getattr(sys, name))


def opened(descriptor: int, encoding: str, errors: str) -> TextIO:
    at_once = descriptor == 2 or os.isatty(descriptor)
    return open(descriptor, "w", 1 if at_once else -1, encoding, errors, closefd=False)


def listen(connection: socket.socket) -> None:
    """Ends this process with its client, and gives it the client's Ctrl-C."""
    with suppress(OSError):
        while said := connection.recv(1):
            if said == wire.INTERRUPT:
                signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    os._exit(1)
