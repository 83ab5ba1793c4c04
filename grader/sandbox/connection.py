"""A connection to one worker: frames out, frames back by a deadline, and whatever was printed meanwhile.

Frames may be posted long before their answers are asked for: the worker then runs ahead, and nobody waits for a
round trip. Where a worker has pipes, they are copied into sockets, which can be waited for on every system.
"""

from __future__ import annotations

import re
import selectors
import signal
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import IO, NamedTuple

from grader.sandbox.protocol.frames import HEADER, MAX_FRAME, frame
from grader.sandbox.protocol.journal import MAX_LINE, MAX_TOLD, Journal

SELECTOR = getattr(selectors, "PollSelector", selectors.SelectSelector)  # for two sockets the kernel keeps no list
MOMENT = 0.002  # seconds
RECORDS = re.compile(rb"(?:[!?~][^\n]*\n)+")  # between frames: none of those is so large that it begins like that
LISTEN = 0.05  # seconds after which what is told is read while an answer is waited for: else its socket could fill up
SOON = 0.001  # seconds, where it does: a worker that tells much does not wait for long
MUCH_TOLD = 1 << 11  # bytes at once: a socket takes some 300 records, however short
AT_ONCE = 1 << 16  # bytes that are read of them
KEPT_OUTPUT = 64 * 1024  # bytes of prints shown at a time
MAX_OUTPUT = 16 * 1024 * 1024  # bytes of prints that nobody took yet, after which the worker is stopped


class Ended(NamedTuple):
    """How a process ended."""

    status: int | None  # its exit status, negative for a signal; None if unknown
    peak: float = 0.0  # MiB of memory that it had at most; 0 if unknown


UNKNOWN = Ended(None)


class WorkerStopped(Exception):
    """The worker gave no answer: it was stopped for a limit, or died. The message is for the student."""


class WorkerDied(WorkerStopped):
    """The worker ended by itself, or something outside ended it. `status`: how, `peak`: MiB that it had at most."""

    def __init__(self, ended: Ended) -> None:
        super().__init__(f"ended the process it ran in: {how_it_ended(ended.status)}")
        self.status, self.peak = ended


class WorkerToldTooMuch(WorkerStopped):
    """It called what is not allowed without end, or wrote so much into its journal."""


class WorkerTimedOut(WorkerStopped):
    """The worker was stopped because it gave no answer in time."""


class Connection:
    """`end` kills and reaps the worker and answers how it ended.

    `lag`: seconds by which prints may arrive later than the answer that they came before. `told`: the socket to
    read from what the worker tells (see grader.sandbox.protocol.journal); without one it comes in the channel, between
    the frames.
    """

    def __init__(
        self,
        channel: socket.socket,
        prints: socket.socket,
        end: Callable[[], Ended],
        lag: float = 0.0,
        told: socket.socket | None = None,
    ) -> None:
        self._channel, self._prints, self._end, self._lag, self._told = channel, prints, end, lag, told
        self.journal = Journal()
        self._output = bytearray()
        self._outgoing = bytearray()
        self._buffer = bytearray()
        self._pause = LISTEN
        self._is_news = False  # whether something was read since what is told was listened to
        self._selector = SELECTOR()
        for endpoint in (channel, prints):
            endpoint.setblocking(False)
            self._selector.register(endpoint, selectors.EVENT_READ)
        if told is not None:
            told.setblocking(False)
        self._events = selectors.EVENT_READ
        self.closed = False

    def post(self, body: bytes) -> None:
        """Puts a frame in line; it is sent while answers are waited for, and as much as fits at once by `flush`."""
        self._outgoing += frame(body)

    def flush(self) -> None:
        """Sends as much as the worker takes without waiting."""
        try:
            del self._outgoing[: self._channel.send(self._outgoing)]
        except BlockingIOError:
            return
        except OSError:  # it has gone: what it answered before is still to be read, and then the end
            self._outgoing.clear()

    def receive(self, seconds: float, *, more: bool = False) -> bytes:
        """The worker's next frame. Raises WorkerStopped, after which the connection is closed.

        `more`: others will follow. They are given a moment, to be read together: to be woken for each takes longer
        than to judge it.
        """
        deadline = time.monotonic() + seconds
        while True:
            answer = self._whole_frame()
            if answer is None and self._printed_too_much:
                answer = self._last_frame()
            if answer is not None:
                if self._is_news:
                    self._listen()  # all that was told before this answer is there
                    self._is_news = False
                return answer
            if self._outgoing:
                self.flush()
            events = selectors.EVENT_READ | (selectors.EVENT_WRITE if self._outgoing else 0)
            if events != self._events:
                self._selector.modify(self._channel, events)
                self._events = events
            ready = self._selector.select(min(self._pause, max(0.0, deadline - time.monotonic())))
            if not ready:
                self._listen()
                if time.monotonic() >= deadline:
                    self.close()
                    raise WorkerTimedOut(f"took longer than {seconds:g} s")
            for key, happened in ready:
                if key.fileobj is self._prints:
                    self._read_prints()
                elif happened & selectors.EVENT_READ:
                    if more:
                        time.sleep(MOMENT)
                    self._read_channel()

    @property
    def _printed_too_much(self) -> bool:
        return len(self._output) > MAX_OUTPUT

    def _last_frame(self) -> bytes:
        """The answer that came before too much was printed: a call that runs ahead may print without end while the
        answer to an earlier one waits in the channel. Raises WorkerStopped where there is none."""
        while self._read_channel():
            if (answer := self._whole_frame()) is not None:
                return answer
        self.close()
        raise WorkerStopped(f"printed more than {MAX_OUTPUT >> 20} MiB")

    def _read_channel(self) -> bool:
        """Whether there was something to read."""
        try:
            chunk = self._channel.recv(1 << 20)
        except BlockingIOError:
            return False
        except OSError:
            chunk = b""
        if not chunk:
            raise self._died()
        self._buffer += chunk
        self._is_news = True
        return True

    def _listen(self) -> None:
        """Takes what was told so far. Raises WorkerStopped where that has no end."""
        told = self.journal.size
        while self._told is not None and self.journal.size <= MAX_TOLD:
            try:
                data = self._told.recv(AT_ONCE)
            except (BlockingIOError, ConnectionError):
                break
            self.journal.feed(data)
            if len(data) < AT_ONCE:
                break
        self._pause = SOON if self.journal.size - told >= MUCH_TOLD else LISTEN
        self._check_told()

    def _check_told(self) -> None:
        if self.journal.size > MAX_TOLD and not self.closed:
            self.close()
            raise WorkerToldTooMuch("called what is not allowed without end")

    def _whole_frame(self) -> bytes | None:
        if self._told is None and (records := RECORDS.match(self._buffer)):
            self.journal.feed(records[0])
            del self._buffer[: records.end()]
            self._check_told()
        if self._told is None and self._buffer.startswith((b"!", b"?", b"~")) and len(self._buffer) <= MAX_LINE:
            return None
        if len(self._buffer) < HEADER.size:
            return None
        (size,) = HEADER.unpack_from(self._buffer)
        if size > MAX_FRAME:
            self.close()
            raise WorkerStopped(f"answered with more than {MAX_FRAME >> 20} MiB")
        end = HEADER.size + size
        if len(self._buffer) < end:
            return None
        body = bytes(self._buffer[HEADER.size : end])
        del self._buffer[:end]
        return body

    def _read_prints(self) -> None:
        """Takes what was printed so far, up to a little more than a worker may print."""
        while not self._printed_too_much:
            try:
                chunk = self._prints.recv(1 << 16)
            except BlockingIOError:
                return
            except OSError:
                chunk = b""
            if not chunk:
                if self._prints in self._selector.get_map():
                    self._selector.unregister(self._prints)
                return
            self._output += chunk

    def take_output(self, size: int | None = None) -> str:
        """The next `size` bytes of what was printed, or all there is, cut to what is shown."""
        if size is not None and len(self._output) < size and not self.closed:
            if self._lag:
                time.sleep(self._lag)
            self._read_prints()
        data = self._output[:size]
        del self._output[:size]
        text = data[:KEPT_OUTPUT].decode("utf-8", "replace")
        return f"{text}\n… {len(data) - KEPT_OUTPUT} bytes more" if len(data) > KEPT_OUTPUT else text

    def _died(self) -> WorkerDied:
        return WorkerDied(self.close())

    def close(self) -> Ended:
        if self.closed:
            return UNKNOWN
        self.closed = True
        ended = self._end()
        self._read_prints()
        self._listen()
        if self._told is not None:
            self._told.close()
            self._told = None
        self._selector.close()
        self._channel.close()
        self._prints.close()
        return ended


def how_it_ended(status: int | None) -> str:
    if status is None:
        return "it was lost"
    if status >= 0:
        return f"it exited with status {status}"
    try:
        return signal.strsignal(-status) or f"signal {-status}"
    except ValueError:
        return f"signal {-status}"


def pump(source: IO[bytes], target: socket.socket) -> None:
    """Copies a pipe into a socket in the background."""

    def run() -> None:
        with source, target:
            try:
                while chunk := source.read1(65536):  # type: ignore[attr-defined]
                    target.sendall(chunk)
                target.shutdown(socket.SHUT_RDWR)  # closing alone would not reach the peer while `feed` waits on it
            except OSError:
                return

    threading.Thread(target=run, daemon=True).start()


def feed(source: socket.socket, target: IO[bytes]) -> None:
    """Copies what arrives on a socket into a pipe."""
    with target, suppress(OSError):  # whoever is at either end may be gone
        while chunk := source.recv(65536):
            target.write(chunk)
            target.flush()
