"""The journal of a worker: append-only records on a socket, which the student's code can add to and never take back.

A forbidden library call is told before it answers (see grader.sandbox.worker.forbidden_calls). The answers' own frames
would be too late for that, and their channel is one that the student's code may replace. The socket lies on a
descriptor that the worker's filter of system calls refuses to close or to replace (see
grader.sandbox.confinement.seccomp). What was written to it only the judge can read: a pipe could be opened for reading
through /proc.

One record a line:

    !0 torch.lstm_cell          a call that the pattern of that number in the setup forbids, by the name it is known by
    ~0 torch.lstm_cell          the same, while somebody was writing down what that call consists of
    ~ torch.jit.trace           what is called is written down, to be called again later
    ?12 sys._getframe           something in that line that the instructor may want to look at; costs nothing

Whatever else stands there was written by the student's code, to hide what follows: the record is then spoilt, and every
forbidden call counts as made.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field

TELL = 63  # the descriptor in a worker, the last that its limit allows
MAX_TOLD = 16 * 1024 * 1024  # bytes of one submission, after which its worker is stopped
MAX_LINE = 200  # bytes
MAX_REMARKS = 20
MAX_LATELY = 1000  # lines
MAX_RECORDS = 10_000  # of one worker, repeated ones aside: more than anything honest tells
NAME = rb"[A-Za-z0-9_.]{1,100}"
RECORD = re.compile(rb"[!~](\d{1,4}) (%b)|\?(\d{1,7}) (%b)|~ %b" % (NAME, NAME, NAME))

Used = tuple[int, str]  # number of the pattern, name as it is shown


def used(pattern: int, name: str) -> bytes:
    return b"!%d %s\n" % (pattern, name.encode())


def recorded(used: bytes) -> bytes:
    """The record of a call that somebody was writing down, to make it again without its name."""
    return used.replace(b"!", b"~", 1)


def traced(name: str) -> bytes:
    return b"~ %s\n" % name.encode()


def remark(line: int, what: str) -> bytes:
    return b"?%d %s\n" % (line, what.encode())


def tell(record: bytes) -> None:
    """From within a worker."""
    os.write(TELL, record)


@dataclass
class Journal:
    """The judge's side: what came through the socket of one worker, read as it comes."""

    is_spoilt: bool = False
    is_traced: bool = False
    remarks: dict[tuple[int, str], None] = field(default_factory=dict)  # (line, what), in order
    size: int = 0
    recorded: set[Used] = field(default_factory=set)  # what can be done again untold, whenever it was told
    _used: set[Used] = field(default_factory=set)  # since it was taken the last time
    _lately: set[bytes] = field(default_factory=set)  # lines since then
    _has_used: bool = False
    _records: int = 0
    _rest: bytes = b""

    @property
    def has_used(self) -> bool:
        """Whether anything was told that is, or could hide, a forbidden call."""
        return self._has_used or self.is_spoilt or self.is_traced

    def feed(self, data: bytes) -> None:
        self.size += len(data)
        if self.is_spoilt:  # whatever follows says no more than that
            return
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            if line not in self._lately:  # a loop tells the same again and again
                self._read(line)
            if self.is_spoilt:
                return
        if len(self._rest) > MAX_LINE:
            self.is_spoilt, self._rest = True, b""

    def _read(self, line: bytes) -> None:
        record = RECORD.fullmatch(line)
        self._records += 1
        if record is None or self._records > MAX_RECORDS:
            self.is_spoilt = True
        elif record[1]:
            self._has_used = True
            used = int(record[1]), record[2].decode()
            self._used.add(used)
            if line[:1] == b"~":
                self.recorded.add(used)
        elif line[:1] == b"~":
            self.is_traced = True
        elif len(self.remarks) < MAX_REMARKS:
            self.remarks[int(record[3]), record[4].decode()] = None
        if len(self._lately) < MAX_LATELY:
            self._lately.add(line)

    def take(self) -> set[Used]:
        """What was used since the last time."""
        found, self._used = self._used, set()
        self._lately.clear()
        return found
