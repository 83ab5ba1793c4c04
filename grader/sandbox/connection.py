"""A connection to one worker: a frame out, a frame back, by a deadline, with whatever was printed meanwhile."""

from __future__ import annotations

import contextlib
import selectors
import signal
import socket
import time
from collections.abc import Callable

from grader.sandbox.frames import HEADER, MAX_FRAME, frame

KEPT_OUTPUT = 64 * 1024  # bytes of prints kept
MAX_OUTPUT = 4 * 1024 * 1024  # bytes of prints after which the worker is stopped


class WorkerStopped(Exception):
    """The worker gave no answer: it was stopped for a limit, or died. The message is for the student."""


class Connection:
    """`end` kills and reaps the worker and answers its exit status (negative for a signal, None if unknown).

    `lag`: seconds by which prints may arrive later than the answer that they came before.
    """

    def __init__(
        self, channel: socket.socket, prints: socket.socket, end: Callable[[], int | None], lag: float = 0.0
    ) -> None:
        self._channel, self._prints, self._end, self._lag = channel, prints, end, lag
        self._output = bytearray()
        self._printed = 0
        self._buffer = bytearray()
        self._selector = selectors.DefaultSelector()
        for endpoint in (channel, prints):
            endpoint.setblocking(False)
            self._selector.register(endpoint, selectors.EVENT_READ)
        self.closed = False

    def request(self, body: bytes, seconds: float) -> bytes:
        """The worker's answer to a frame. Raises WorkerStopped, after which the connection is closed."""
        return self._exchange(memoryview(frame(body)), seconds)

    def receive(self, seconds: float) -> bytes:
        """The worker's next frame, unasked for. Raises WorkerStopped like `request`."""
        return self._exchange(memoryview(b""), seconds)

    def _exchange(self, outgoing: memoryview, seconds: float) -> bytes:
        deadline = time.monotonic() + seconds
        while True:
            if outgoing:
                outgoing = outgoing[self._write(outgoing) :]
            answer = self._whole_frame()
            if answer is not None:
                if self._lag:
                    time.sleep(self._lag)
                self._read_prints()
                return answer
            self._selector.modify(self._channel, selectors.EVENT_READ | (selectors.EVENT_WRITE if outgoing else 0))
            ready = self._selector.select(max(0.0, deadline - time.monotonic()))
            if not ready and time.monotonic() >= deadline:
                self.close()
                raise WorkerStopped(f"took longer than {seconds:g} s")
            for key, events in ready:
                if key.fileobj is self._prints:
                    self._read_prints()
                elif events & selectors.EVENT_READ:
                    self._read_channel()

    def _write(self, data: memoryview) -> int:
        try:
            return self._channel.send(data)
        except BlockingIOError:
            return 0
        except OSError:
            raise self._died() from None

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
            self._printed += len(chunk)
            self._output += chunk[: KEPT_OUTPUT - len(self._output)]
            if self._printed > MAX_OUTPUT:
                self.close()
                raise WorkerStopped(f"printed more than {MAX_OUTPUT >> 20} MiB")

    def take_output(self) -> str:
        """What was printed since the last time, cut to what is kept."""
        text = self._output.decode("utf-8", "replace")
        if self._printed > len(self._output):
            text += f"\n… {self._printed - len(self._output)} bytes more"
        self._output.clear()
        self._printed = 0
        return text

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
