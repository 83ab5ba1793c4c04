"""The journal of a worker: append-only records on a pipe, which the student's code can add to and never take back.

A forbidden library call is told before it answers (see grader.sandbox.worker.forbidden_calls). The answers' own frames
would be too late for that, and their channel is one that the student's code may replace. The pipe lies on a descriptor
that the worker's filter of system calls refuses to close or to replace (see grader.sandbox.confinement.seccomp), and it
can only be written.

One record a line:

    =3                          the worker begins with the answer of that number; 1 is the loading of the file
    !0 torch.lstm_cell          a call that the pattern of that number in the setup forbids, by the name it is known by
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
RECORD = re.compile(rb"=(\d{1,9})|!(\d{1,4}) (%b)|\?(\d{1,7}) (%b)|~ %b" % (NAME, NAME, NAME))

Used = tuple[int, str]  # number of the pattern, name as it is shown


def begins(number: int) -> bytes:
    return b"=%d\n" % number


def used(pattern: int, name: str) -> bytes:
    return b"!%d %s\n" % (pattern, name.encode())


def traced(name: str) -> bytes:
    return b"~ %s\n" % name.encode()


def remark(line: int, what: str) -> bytes:
    return b"?%d %s\n" % (line, what.encode())


def tell(record: bytes) -> None:
    """From within a worker. Raises OSError where nobody listens, as in the host's own rehearsal."""
    os.write(TELL, record)


@dataclass
class Journal:
    """The judge's side: what came through the pipe of one worker, read as it comes."""

    is_spoilt: bool = False
    is_traced: bool = False
    remarks: dict[tuple[int, str], None] = field(default_factory=dict)  # (line, what), in order
    size: int = 0
    _used: dict[int, set[Used]] = field(default_factory=dict)  # number of an answer → what was used on the way to it
    _lately: set[bytes] = field(default_factory=set)  # lines since the last beginning
    _at: int = 0
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
            self.is_spoilt |= int(record[1]) != self._at + 1
            self._at += 1
            self._lately.clear()
            return
        elif record[2]:
            self._has_used = True
            self._used.setdefault(self._at, set()).add((int(record[2]), record[3].decode()))
        elif line[:1] == b"~":
            self.is_traced = True
        elif len(self.remarks) < MAX_REMARKS:
            self.remarks[int(record[4]), record[5].decode()] = None
        if len(self._lately) < MAX_LATELY:
            self._lately.add(line)

    def take_used(self, number: int) -> set[Used]:
        """What was used on the way to the answer of this number, or without an answer up to the end."""
        return self._used.pop(number, set())

    def take_all(self) -> set[Used]:
        """What was used since the last time, whatever number it bears: a student's code can tell beginnings, too."""
        found: set[Used] = set().union(*self._used.values())
        self._used.clear()
        return found
