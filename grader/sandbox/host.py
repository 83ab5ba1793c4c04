"""The trusted side of the sandbox: starts the worker host and hands out connections to fresh workers.

A `Host` is one exec'd process (see grader.sandbox.worker.main) that imports its libraries while the trusted process
does the same; each worker is one fork of it, with a channel for frames and a stream for prints. Only the host kills
and reaps: it is the parent, so a pid cannot have changed hands. Without fork every worker is a process of its own.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import weakref
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from grader.errors import GraderError
from grader.result import Layer
from grader.sandbox.cgroup import oom_kills
from grader.sandbox.connection import UNKNOWN, Connection, Ended, WorkerDied, feed, pump
from grader.sandbox.libraries import import_path, is_installed
from grader.sandbox.protocol.frames import END, ENDED, FORK, FORKED, HEADER, MAX_FRAME, REQUEST, SPLIT
from grader.sandbox.protocol.setup import Setup
from grader.threads import ONE_THREAD

MAX_EQUIPPED = 8  # hosts of a set, beside those that they are split from and one more of each that knows no calls
MANY_WORKERS = 80  # of a host, for which it is worth while to move its code to huge pages
MAX_KNOWN = MAX_FRAME // 2  # bytes of calls that a host keeps ready
# Elsewhere there is none, or, on macOS, not for a process that has used its libraries: their threads would be missing.
CAN_FORK = sys.platform.startswith("linux") and hasattr(os, "fork")
START_SECONDS = 60.0  # for the host to import its libraries
PUMP_SECONDS = 0.01  # for prints to come through the thread that pumps them
PACKAGE_ROOT = str(Path(__file__).parents[2])
BOOT = (
    "import json, sys; settings = json.loads(sys.argv[1]); sys.path[:] = [settings['root'], *settings['path']]; "
    "from grader.sandbox.worker import memory; memory.forget_fork_hooks(); "
    "from grader.sandbox.worker import main; main.{main}()"
)


class SandboxError(GraderError):
    """The sandbox itself could not be run: a fault of the grader or its machine, never of a submission."""


class Host:
    """Makes workers that have `libraries` imported already. Starts at once; the first use waits until it is ready.

    `workers`: how many it will make about. Raises SandboxError for a library that is not installed.
    """

    def __init__(
        self, libraries: Sequence[str], workers: int = 1, *, fork: bool = CAN_FORK, confine: bool = True
    ) -> None:
        check_installed(libraries)
        self.settings: dict[str, Any] = {
            "root": PACKAGE_ROOT,
            "path": import_path(),
            "libraries": list(libraries),
            "confine": confine,  # False only to measure what the walls cost
            "many": workers >= MANY_WORKERS,
        }
        self.fork = fork
        self._origin: Host | None = None  # what it was split from
        self._root: Host | None = None  # where it knows calls: one that does not, without a setup
        self._setup = Setup()  # what it has ready
        self._unaware: Host | None = None  # where it was asked for: one that knows no calls, with that setup
        self._layers: tuple[Layer, ...] | None = None
        self._oom_kills = oom_kills()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self.pid = 0
        if fork:
            self._start()

    def _start(self) -> None:
        self._control, theirs = socket.socketpair()
        self._control.settimeout(START_SECONDS)
        with theirs:
            settings = self.settings | {"control": theirs.fileno()}
            nowhere = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
            self._process = start_python("host_main", settings, pass_fds=[theirs.fileno()], **nowhere)
        self.pid = self._process.pid
        self._layers = self._origin = None

    def equipped(self, setup: Setup, known: Sequence[bytes] = ()) -> Host:
        """One split from this for the workers of one exercise: it makes a setup ready, and the calls that are known to
        come. This one need not be ready yet, unless there are such calls: they are many bytes."""
        if not self.fork:
            return self
        if known:
            _ = self.layers
        from grader.sandbox.protocol import codec  # with NumPy, which the first host need not wait for

        small = sum(map(len, known)) <= MAX_KNOWN
        second = self._split(codec.encode([setup.encoded, list(known) if small else []]))
        second._root, second._setup = self if known else None, setup
        return second

    def split(self, root: Host | None = None) -> Host:
        """A second host, without the seconds of a start, for another process to use: a fork of this one, with all that
        it has ready. A process that was forked since may ask for it as well, once this one has told its layers.
        `root`: that process's host of these libraries.

        Where it ends before its time, a host of its own takes its place.
        """
        if not self.fork:
            return self
        _ = self.layers
        second = self._split(b"")
        second._root = root if self._root else None
        return second

    def _split(self, body: bytes) -> Host:
        second = object.__new__(Host)
        own = {"_origin": self, "_lock": threading.Lock(), "_process": None, "_unaware": None}
        second.__dict__ |= self.__dict__ | own
        second._control, theirs = socket.socketpair()
        second._control.settimeout(START_SECONDS)
        weakref.finalize(second, second._control.close)  # which ends it
        with theirs, self._lock:
            try:
                socket.send_fds(self._control, [REQUEST.pack(SPLIT, len(body))], [theirs.fileno()])
                second._control.sendall(body)  # this one never sees the calls that are in it
            except OSError as error:
                raise SandboxError(f"the worker host does not answer: {error}") from error
        return second

    @property
    def unaware(self) -> Host:
        """One like this whose workers know of no calls, split when it is first asked for."""
        if self._root is None:
            return self
        with self._lock:
            if self._unaware is None:
                try:
                    self._unaware = self._root.equipped(self._setup)
                except SandboxError:
                    return self._root  # it starts again at its next worker
            return self._unaware

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The walls in force. Waits for the host to be ready."""
        if self._layers is None and self._origin is not None:
            self._layers = self._origin.layers
        elif self._layers is None:
            self._layers = self._tell_layers() if self.fork else no_layers(why_no_walls())
        return self._layers

    def _tell_layers(self) -> tuple[Layer, ...]:
        (size,) = HEADER.unpack(self._receive(HEADER.size))
        return tuple(Layer(**layer) for layer in json.loads(self._receive(size)))

    def connect(self) -> Connection:
        """A connection to a fresh worker. Raises SandboxError where none can be had."""
        return self._forked() if self.fork else self._spawned()

    def _forked(self) -> Connection:
        with self._lock:
            if self._process is not None and self._process.poll() is not None:
                self._start()
            channel, theirs = socket.socketpair()
            prints, their_prints = socket.socketpair()
            told, their_told = socket.socketpair()  # a pipe could be opened for reading
            endpoints = (theirs.fileno(), their_prints.fileno(), their_told.fileno())
            with theirs, their_prints, their_told:
                try:
                    pid = self._fork(endpoints)
                except SandboxError:
                    if self._process is not None:
                        raise
                    self._start()
                    pid = self._fork(endpoints)
        return Connection(channel, prints, lambda: self._end(pid), told=told)

    def _fork(self, endpoints: Sequence[int]) -> int:
        _ = self.layers
        try:
            socket.send_fds(self._control, [REQUEST.pack(FORK, 0)], endpoints)
        except OSError as error:
            raise SandboxError(f"the worker host does not answer: {error}") from error
        (pid,) = FORKED.unpack(self._receive(FORKED.size))
        return int(pid)

    def _end(self, pid: int) -> Ended:
        with self._lock:
            try:
                self._control.sendall(REQUEST.pack(END, pid))
                status, peak = ENDED.unpack(self._receive(ENDED.size))
            except (OSError, SandboxError):
                return UNKNOWN
        return Ended(os.waitstatus_to_exitcode(status), peak / 1024)

    def explain_death(self, death: WorkerDied, memory: int) -> str:
        """Why a worker is gone, where that is no doing of the code that ran in it; else "". `memory`: its limit."""
        if death.status is None:
            return "the worker host ended, and its workers with it"
        kills, before = oom_kills(), self._oom_kills
        self._oom_kills = kills
        killed = -getattr(signal, "SIGKILL", 9)  # Windows has none
        if death.status == killed and kills > before and death.peak < memory:
            return (
                f"the container's memory ran out while the submission was at {death.peak:.0f} of its {memory} MiB: "
                "give the container more, or grade fewer at once (--jobs)"
            )
        return ""

    def _receive(self, size: int) -> bytes:
        data = bytearray()
        while len(data) < size:
            try:
                chunk = self._control.recv(size - len(data))
            except OSError as error:
                raise SandboxError(f"the worker host does not answer: {error}") from error
            if not chunk:
                raise SandboxError("the worker host ended; are its libraries installed where `grade` runs?")
            data += chunk
        return bytes(data)

    def _spawned(self) -> Connection:
        process = start_python(
            "spawned_main", self.settings, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        channel, frames = socket.socketpair()
        prints, printed = socket.socketpair()
        # Sockets can be waited for with a deadline on every system, pipes cannot.
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        pump(process.stdout, frames)
        pump(process.stderr, printed)
        threading.Thread(target=feed, args=(frames, process.stdin), daemon=True).start()

        def end() -> Ended:
            process.kill()
            return Ended(process.wait())

        return Connection(channel, prints, end, lag=PUMP_SECONDS)

    def close(self) -> None:
        """Ends the host; its workers go with it."""
        if self.fork:
            self._control.close()
            if self._unaware is not None:
                self._unaware.close()
            if self._process is not None:
                self._process.kill()
                self._process.wait()

    def __enter__(self) -> Host:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


Equipped = tuple[tuple[str, ...], Setup, tuple[bytes, ...]]  # libraries, and what is ready


class Hosts:
    """The hosts of a run, one for each set of libraries, started when first asked for, and those split from them."""

    def __init__(self, *, fork: bool = CAN_FORK) -> None:
        self.fork = fork
        self._hosts: dict[tuple[str, ...], Host] = {}
        self._equipped: dict[Equipped, Host] = {}
        self._others: Hosts | None = None  # of the process that this one was forked from
        self._lock = threading.Lock()

    def get(self, libraries: Sequence[str], workers: int = 1) -> Host:
        """`workers`: how many it will make about, where it is not there yet."""
        key = tuple(libraries)
        if key not in self._hosts:
            self._hosts[key] = Host(key, workers, fork=self.fork)
        return self._hosts[key]

    def equipped(self, libraries: Sequence[str], setup: Setup, known: Sequence[bytes] = ()) -> Host:
        """A host that has a setup ready, and the calls that are known to come, or is making them ready.

        The last few are kept; an older one ends when its last worker has.
        """
        key = (tuple(libraries), setup, tuple(known))
        with self._lock:
            root = self.get(libraries)
            try:
                if (host := self._equipped.pop(key, None)) is None:
                    other = self._others and self._others._equipped.get(key)
                    host = other.split(root) if other else root.equipped(setup, known)
            except SandboxError:
                return root  # it starts again at its next worker
            self._equipped[key] = host
            if len(self._equipped) > MAX_EQUIPPED:
                del self._equipped[next(iter(self._equipped))]
        return host

    def split(self) -> Hosts:
        """A second set, for a process that will be forked from this one. Of those that have something ready it splits
        its own when it first asks for them."""
        second = Hosts(fork=self.fork)
        second._hosts = {key: host.split() for key, host in self._hosts.items()}
        second._others = self
        return second

    def inherit(self) -> None:
        """For a process that was forked from the one that started them, and goes on alone: it is not their parent."""
        for host in self._all():
            host._process = None

    def let_go(self) -> None:
        """Closes the control sockets that were inherited from the process that this one was forked from."""
        if self._others is not None:
            for host in self._others._all():
                host._control.close()
        self._others = None

    def controls(self) -> list[int]:
        """Descriptors: a host ends when nobody has its own open any more."""
        return [host._control.fileno() for host in self._all()]

    def processes(self) -> list[int]:
        """Those that others are split from."""
        return [host.pid for host in self._hosts.values()]

    def _all(self) -> tuple[Host, ...]:
        made = (*self._hosts.values(), *self._equipped.values())
        return (*made, *(host._unaware for host in made if host._unaware is not None))

    def __iter__(self) -> Iterator[Host]:
        return iter(self._hosts.values())

    def __enter__(self) -> Hosts:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for host in self._all():
            host.close()


def start_python(main: str, settings: dict[str, Any], **popen: Any) -> subprocess.Popen[bytes]:
    """Runs a main function of the worker module: isolated, with an environment of its own, in its own group."""
    # Where torch's compiler would make a folder at the first step of an optimizer; it needs none, but insists.
    torch = {"TORCHINDUCTOR_CACHE_DIR": "/"}
    # Objects on huge pages: a process with torch is then forked and ended in half the time.
    memory = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1", "PYTHONMALLOC": "malloc"}
    windows = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}  # no socket without it
    command = [sys.executable, "-P", "-s", "-S", "-c", BOOT.format(main=main), json.dumps(settings)]
    return subprocess.Popen(
        command,
        env={"LANG": "C.UTF-8", "HOME": "/nonexistent"} | ONE_THREAD | torch | memory | windows,
        start_new_session=True,
        **popen,
    )


def check_installed(libraries: Sequence[str], exercise: str = "This exercise") -> None:
    """Raises SandboxError for a library that is not installed, and says what installs it."""
    for name in dict.fromkeys(library.partition(".")[0] for library in libraries):
        if not is_installed(name):
            package = "'dl-grader[torch]'" if name == "torch" else name  # which knows the versions that were tried
            raise SandboxError(f"{exercise} needs {name}, which is not installed here: pip install {package}")


def why_no_walls() -> str:
    """Why none can be built where workers are not forked."""
    if sys.platform.startswith("linux"):
        return "needs fork, which is missing here"
    system = {"darwin": "macOS", "win32": "Windows"}.get(sys.platform, sys.platform)
    return f"needs Linux, this is {system}: run the grader in {'WSL 2 or ' * (system == 'Windows')}a Linux container"


def no_layers(reason: str) -> tuple[Layer, ...]:
    """The table of layers where none can be built."""
    from grader.sandbox.confinement.confine import STOPS

    return tuple(Layer(name, False, stops, reason) for name, stops in STOPS.items())
