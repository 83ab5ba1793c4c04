"""The server: what a `grade` at a terminal leaves behind, and what answers the next ones (see grader.warm)."""

from __future__ import annotations

import gc
import json
import os
import select
import selectors
import signal
import socket
import struct
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from grader.course.course import Course
from grader.errors import GraderError
from grader.sandbox.host import Hosts
from grader.warm import address, freshness, memory, wire
from grader.warm.control import PROCESS, end_server
from grader.warm.prepared import Prepared
from grader.warm.session import Command, Place, Session, answer, place_of

if TYPE_CHECKING:
    from grader.grading.examiner import Examiner, Grading

IDLE = 600.0  # seconds without a client after which a server goes
LOOK = 5.0  # seconds after which it looks whether it is still wanted
SOON = 0.1  # seconds without a client after which it makes ready what was asked for
START = 1.0  # seconds that it may take to listen
REQUEST = 0.25  # seconds that a client may take to say what it wants
MOST_EXERCISES = 12
SAME = ("Uid", "Gid", "Groups", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs", "Seccomp")  # of /proc/…/status


class ColdRun(Prepared):
    """A cold run that leaves a server behind when it ends. `since`: when it began, in nanoseconds."""

    def __init__(self, stamp: bytes, since: int, run: Command) -> None:
        self._stamp, self._since, self._run = stamp, since, run

    def graded(self, grading: Grading) -> None:
        """Forks the server and waits until it listens; whatever keeps it from that is no matter of the user's."""
        sys.stdout.flush()
        sys.stderr.flush()
        with suppress(Exception):
            self._leave(grading)

    def _leave(self, grading: Grading) -> None:
        modules = freshness.Modules()
        examiners = {place_of(each.exercise): each for each in grading.examiners.values()}
        read = [file for each in examiners.values() for file in each.exercise.files()]
        for each in examiners.values():
            _ = each.exercise.digest  # of what was read: it is kept
        folder = address.open_folder(make=True)
        if folder is None or not examiners or not modules.add(self._since, read):
            return
        end_server(folder)
        listens, ready = os.pipe()
        if os.fork():
            os.close(ready)
            select.select([listens], [], [], START)
            grading.hosts.inherit()  # they are the server's
            return
        try:
            grading.hosts.inherit()
            detach(folder, ready, *grading.hosts.controls())
            Server(folder, self._stamp, modules, grading.hosts, examiners, self._run).serve(ready)
        finally:
            os._exit(0)


class Server:
    def __init__(
        self,
        folder: int,
        stamp: bytes,
        modules: freshness.Modules,
        hosts: Hosts,
        examiners: dict[Place, Examiner],
        run: Command,
    ) -> None:
        self._folder, self._stamp, self._modules = folder, stamp, modules
        self._hosts, self._examiners, self._run = hosts, examiners, run
        self._name = address.socket_name()
        self._rights = rights("self")
        self._wanted: list[Place] = []
        self._until = time.monotonic() + IDLE
        self._answered = 0

    def serve(self, ready: int) -> None:
        """Answers clients until it is stale, idle, in the way, or told to go."""
        memory.be_first_to_go()
        self._news, self._news_end = os.pipe()
        os.set_blocking(self._news_end, False)
        with socket.socket(socket.AF_UNIX) as self._listener, selectors.DefaultSelector() as self._selector:
            self._listener.bind(address.in_folder(self._folder, self._name))
            self._listener.listen()
            self._inode = os.stat(self._name, dir_fd=self._folder).st_ino
            os.write(ready, b"1")
            os.close(ready)
            self._selector.register(self._listener, selectors.EVENT_READ)
            self._selector.register(self._news, selectors.EVENT_READ)
            with self._gone_from_folder():
                self._settle()
                while self._round():
                    pass

    @contextmanager
    def _gone_from_folder(self) -> Iterator[None]:
        try:
            yield
        finally:
            if self._is_the_one():
                os.unlink(self._name, dir_fd=self._folder)

    def _is_the_one(self) -> bool:
        """Whether clients that look for a server find this one."""
        try:
            return os.stat(self._name, dir_fd=self._folder, follow_symlinks=False).st_ino == self._inode
        except OSError:
            return False

    def _round(self) -> bool:
        """Does what there is to do, or waits; False where it is time to go."""
        events = self._selector.select(SOON if self._wanted else LOOK)
        for key, _ in events:
            if key.fileobj is self._listener:
                connection, _ = self._listener.accept()
                with connection:
                    if not self._receive(connection):
                        return False
                self._until = time.monotonic() + IDLE
            elif key.fd == self._news:
                self._hear()
            else:  # the descriptor of a process that has ended
                self._selector.unregister(key.fd)
                os.close(key.fd)
                os.waitpid(key.data, 0)
        if events:
            return True
        if self._wanted:
            return self._learn()
        return time.monotonic() < self._until and self._is_the_one() and not memory.is_short(self._processes())

    def _receive(self, connection: socket.socket) -> bool:
        """Answers one client; False where the server is to go."""
        connection.settimeout(REQUEST)
        streams: list[int] = []
        try:
            pid, uid = wire.peer_of(connection)
            if uid != os.geteuid() or rights(str(pid)) != self._rights:
                return True
            request = receive(connection)
            if request.stamp == wire.STATUS:
                connection.sendall(json.dumps(self._status()).encode())
                return True
            if request.stamp != self._stamp:
                return False
            connection.sendall(wire.ALIVE)
            _, streams, _, _ = socket.recv_fds(connection, 1, wire.DESCRIPTORS)
            if len(streams) != wire.DESCRIPTORS:
                return True
            hosts = self._hosts.split()  # which forks while this process looks at its files
            exercises = [examiner.exercise for examiner in self._examiners.values()]
            if not self._modules.are_unchanged() or not freshness.are_current(exercises):
                return False
            self._fork(connection, request, streams, hosts)
        except (OSError, ValueError, struct.error):  # a client that has gone, or says what is no request
            return True
        except GraderError:  # a worker host that has gone
            return False
        finally:
            for descriptor in streams:
                os.close(descriptor)
        return True

    def _fork(self, connection: socket.socket, request: wire.Request, streams: list[int], hosts: Hosts) -> None:
        if pid := os.fork():
            self._answered += 1
            self._selector.register(os.pidfd_open(pid), selectors.EVENT_READ, pid)
            hosts.__exit__(None, None, None)  # only the session's process holds them now
            return
        try:
            self._listener.close()
            session = Session(connection, hosts, self._examiners, self._news_end)
            answer(session, connection, request, streams, self._run)
        finally:
            os._exit(1)

    def _hear(self) -> None:
        """Which exercises were asked for: what is not at hand is made ready once nobody waits."""
        for line in os.read(self._news, 1 << 16).splitlines():
            with suppress(ValueError):
                root, name = json.loads(line)
                if (root, name) not in self._examiners and (root, name) not in self._wanted:
                    self._wanted.append((root, name))

    def _learn(self) -> bool:
        """Makes an exercise ready; False where what it takes has changed meanwhile."""
        from grader.grading.examiner import Examiner

        root, name = self._wanted.pop()
        since = time.time_ns()
        with suppress(Exception):  # as of a suite that cannot be collected: who asked was told
            exercise = Course(Path(root)).exercise(name)
            self._hosts.get(exercise.libraries)
            _ = exercise.digest  # of what is read from here on
            while len(self._examiners) >= MOST_EXERCISES:
                del self._examiners[next(iter(self._examiners))]
            examiner = self._examiners[root, name] = Examiner(exercise)
            self._hosts.equipped(exercise.libraries, examiner.setup)
        self._settle()
        return self._modules.add(since) and not memory.is_short(self._processes())

    def _settle(self) -> None:
        """What is in memory now is shared with every process that is forked."""
        gc.collect()
        gc.freeze()

    def _status(self) -> dict[str, object]:
        return {
            "processes": self._processes(),
            "answered": self._answered,
            "exercises": sorted(name for _, name in self._examiners),
            "memory": memory.taken(self._processes()),
            "ends_in": max(self._until - time.monotonic(), 0.0),
        }

    def _processes(self) -> list[int]:
        return [os.getpid(), *self._hosts.processes()]


def receive(connection: socket.socket) -> wire.Request:
    """Raises OSError, ValueError and struct.error."""
    body = bytearray()
    size = wire.SIZE.size
    while len(body) < size:
        chunk = connection.recv(size - len(body))
        if not chunk:
            raise ValueError("half a request")
        body += chunk
        if len(body) == wire.SIZE.size:
            size += wire.SIZE.unpack(body)[0]
            if size > wire.LARGEST:
                raise ValueError("too large for a request")
    return wire.unpacked(bytes(body[wire.SIZE.size :]))


def rights(process: str) -> list[str]:
    """What a process may do, as far as the kernel tells: a client that was confined must not act through a server that
    is not."""
    found = Path(f"/proc/{process}/status").read_text(encoding="utf-8", errors="replace").splitlines()
    return [line for line in found if line.partition(":")[0] in SAME]


def detach(*kept: int) -> None:
    """Lets go of the terminal, the working folder, and whatever the process that was forked has open but for `kept`."""
    os.setsid()
    with suppress(OSError):
        Path("/proc/self/comm").write_text(PROCESS, encoding="ascii")
    os.chdir("/")
    os.umask(0o077)
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nothing, stream)
    for descriptor in map(int, os.listdir("/proc/self/fd")):
        if descriptor > 2 and descriptor not in kept:
            with suppress(OSError):
                os.close(descriptor)
    sys.stdout = sys.stderr = os.fdopen(1, "w", closefd=False)
    if not sys.flags.safe_path:
        del sys.path[0]  # the folder of a script, or the one where the client worked
