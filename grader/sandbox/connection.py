"""A connection to one worker: frames out, frames back by a deadline, and whatever was printed meanwhile.

Frames may be posted long before their answers are asked for: the worker then runs ahead, and nobody waits for a
round trip.
"""

from __future__ import annotations

import contextlib
import selectors
import signal
import socket
import time
from collections.abc import Callable

from grader.sandbox.frames import HEADER, MAX_FRAME, frame

SELECTOR = getattr(selectors, "PollSelector", selectors.SelectSelector)  # for two sockets the kernel keeps no list
MOMENT = 0.002  # seconds
KEPT_OUTPUT = 64 * 1024  # bytes of prints shown at a time
MAX_OUTPUT = 16 * 1024 * 1024  # bytes of prints that nobody took yet, after which the worker is stopped


class WorkerStopped(Exception):
    """The worker gave no answer: it was stopped for a limit, or died. The message is for the student."""


class WorkerTimedOut(WorkerStopped):
    """The worker was stopped because it gave no answer in time."""


class Connection:
    """`end` kills and reaps the worker and answers its exit status (negative for a signal, None if unknown).

    `lag`: seconds by which prints may arrive later than the answer that they came before.
    """

    def __init__(
        self, channel: socket.socket, prints: socket.socket, end: Callable[[], int | None], lag: float = 0.0
    ) -> None:
        self._channel, self._prints, self._end, self._lag = channel, prints, end, lag
        self._output = bytearray()
        self._outgoing = bytearray()
        self._buffer = bytearray()
        self._selector = SELECTOR()
        for endpoint in (channel, prints):
            endpoint.setblocking(False)
            self._selector.register(endpoint, selectors.EVENT_READ)
        self._events = selectors.EVENT_READ
        self.closed = False

    def post(self, body: bytes) -> None:
        """Puts a frame in line; it is sent while answers are waited for, and as much as fits at once by `flush`."""
        self._outgoing += frame(body)

    def flush(self) -> None:
        """Sends as much as the worker takes without waiting. Raises WorkerStopped."""
        try:
            del self._outgoing[: self._channel.send(self._outgoing)]
        except BlockingIOError:
            return
        except OSError:
            raise self._died() from None

    def receive(self, seconds: float, *, more: bool = False) -> bytes:
        """The worker's next frame. Raises WorkerStopped, after which the connection is closed.

        `more`: others will follow. They are given a moment, to be read together: to be woken for each takes longer
        than to judge it.
        """
        deadline = time.monotonic() + seconds
        while True:
            answer = self._whole_frame()
            if answer is not None:
                return answer
            if self._outgoing:
                self.flush()
            events = selectors.EVENT_READ | (selectors.EVENT_WRITE if self._outgoing else 0)
            if events != self._events:
                self._selector.modify(self._channel, events)
                self._events = events
            ready = self._selector.select(max(0.0, deadline - time.monotonic()))
            if not ready and time.monotonic() >= deadline:
                self.close()
                raise WorkerTimedOut(f"took longer than {seconds:g} s")
            for key, happened in ready:
                if key.fileobj is self._prints:
                    self._read_prints()
                elif happened & selectors.EVENT_READ:
                    if more:
                        time.sleep(MOMENT)
                    self._read_channel()

    def _read_channel(self) -> None:
        try:
            chunk = self._channel.recv(1 << 20)
        except BlockingIOError:
            return
        except OSError:
            chunk = b""
        if not chunk:
            raise self._died()
        self._buffer += chunk

    def _whole_frame(self) -> bytes | None:
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
        while True:
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
            if len(self._output) > MAX_OUTPUT:
                self.close()
                raise WorkerStopped(f"printed more than {MAX_OUTPUT >> 20} MiB")

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

    def _died(self) -> WorkerStopped:
        return WorkerStopped(f"ended the process it ran in: {how_it_ended(self.close())}")

    def close(self) -> int | None:
        if self.closed:
            return None
        self.closed = True
        status = self._end()
        with contextlib.suppress(WorkerStopped):
            self._read_prints()
        self._selector.close()
        self._channel.close()
        self._prints.close()
        return status


def how_it_ended(status: int | None) -> str:
    if status is None:
        return "it was lost"
    if status >= 0:
        return f"it exited with status {status}"
    try:
        return signal.strsignal(-status) or f"signal {-status}"
    except ValueError:
        return f"signal {-status}"
