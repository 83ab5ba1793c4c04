"""The client of a worker: the submission's side of every probe. A worker that is stopped is replaced by a fresh one.

The calls that a suite makes are known before (they are those it makes on the reference), so all of them are sent at
once, and the worker answers them while the first answers are judged. An answer that comes before it is asked for is
kept; a call that was not foreseen is sent after the others; a worker that is stopped in one call leaves the calls
after it to the next worker.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Any

from grader.cache import Cache
from grader.sandbox.answers import (
    BROKE_RULES,
    NOTHING_USED,
    Answer,
    Used,
    began,
    check_ready,
    is_a,
    loaded,
    outcome,
    ran_out_of_memory,
    without_paths,
)
from grader.sandbox.connection import (
    MAX_OUTPUT,
    Connection,
    WorkerDied,
    WorkerStopped,
    WorkerTimedOut,
    WorkerToldTooMuch,
)
from grader.sandbox.host import Host, SandboxError
from grader.sandbox.limits import Limits
from grader.sandbox.protocol import calls, codec
from grader.sandbox.protocol.calls import Outcome, Raised, Stopped
from grader.sandbox.protocol.setup import Setup
from grader.text import visible

SETUP_SECONDS = 60.0
PATIENCE = 1.0  # seconds for an answer that nobody asks for any more
LONGEST_KEPT = 1 << 15  # bytes of an answer that is kept for others
ROOM = 1 << 18  # bytes of memory that any answer may take, over twice what the right one takes
MAX_ROOM = 1 << 25  # where nothing is known of the right ones
LOADING = "loading"  # kind of a frame that announces the answer to come
LOADING_ROOM = 1 << 24  # for what is told of loading: the lines of all definitions
LEFT_OUT = "LeftOut"  # what begins a problem with a statement that is not run any more
MAX_LEFT_OUT = 20  # statements at the top level of one file
MAX_STEPS = 20_000  # that are told of while a file is loaded
LESS = 4  # times less time for a statement after one that is left out
MAX_BREACHES = 3  # of these rules, by one submission: nobody honest breaks them, and each costs a new worker


@dataclass(frozen=True)
class Opening:
    """What a worker needs before the first call. Holds nothing that is secret."""

    source: bytes
    filename: str
    cells: tuple[int, ...] = ()  # of a notebook: the first line of each code cell
    names: tuple[str, ...] = ()  # what the exercise asks for
    setup: Setup = field(default_factory=Setup)

    def place(self, line: int) -> str:
        """Where a line of the source is, in words."""
        return calls.place(line, self.cells)


class Examinee:
    """Performs calls on one submission. An endless loop costs the call that it stands in, not those after it.

    `plan`: the calls that will be made, as far as they are known, in their order. `decoded`: answers that others gave,
    by a digest of their bytes, for whoever only reads them: most of a class answers a call in one of a few ways.
    `sizes`: the memory that the right answers take. Much larger ones are not made: what stands for them says what
    they are. `one_by_one`: each call is sent when the one before it is answered, to a worker that knew of none: what is
    told meanwhile was called for this one.
    """

    def __init__(
        self,
        host: Host,
        opening: Opening,
        limits: Limits,
        plan: Sequence[bytes] = (),
        decoded: Cache[tuple[bytes, int], tuple[list[Any], int]] | None = None,
        sizes: Mapping[bytes, int] | None = None,
        *,
        one_by_one: bool = False,
    ) -> None:
        self.host, self.opening, self.limits = host, opening, limits
        self._one_by_one = one_by_one
        self.has_used = False  # whether a forbidden call was told, be it one that costs nothing
        self._decoded = decoded
        self._sizes = sizes or {}
        self._room = ROOM + 2 * max(sizes.values(), default=0) if sizes else MAX_ROOM  # of calls that were not foreseen
        self.used: set[Used] = set()  # what was called so far
        self.recorded: frozenset[Used] = NOTHING_USED  # what somebody wrote down of it, to do it again in any call
        self.remarks: dict[tuple[int, str], None] = {}  # (line, what) that the instructor may want to look at
        self.problems: list[tuple[int, str]] = []  # (line, message) of what failed while loading
        self.refused: dict[int, tuple[int, int]] = {}  # of these lines: the characters that Python could not read
        self.unreadable: str | None = None  # once it was loaded: why there is nothing to ask, "" where there is
        self.lines: dict[str, int] = {}  # where each function and class is defined
        self.spent = 0.0  # seconds, over all calls
        self.elsewhere = 0.0  # seconds of them that were not spent on a call that was asked for
        self._waiting = deque(plan)  # calls not answered yet, in the order in which the worker has them
        self._early: dict[bytes, deque[Answer]] = {}  # answers not asked for yet
        self._shared: dict[bytes, Answer] = {}  # to calls that are made once for all checks
        self._used_lately: set[Used] = set()
        self._connection: Connection | None = None
        self._unloadable: Stopped | None = None
        self._was_loaded = False
        self._breaches = 0
        self._left_out: dict[int, str] | None = None  # line of a statement → why; None: not known of any yet
        self._received = 0
        self._output = ""
        self._printed = 0

    @property
    def is_to_be_asked_again(self) -> bool:
        """Whether it made a forbidden call, which could have been for any of the answers that it had to give."""
        return self.has_used and not self._one_by_one

    @property
    def out_of_time(self) -> bool:
        return self.spent >= self.limits.submission_seconds

    def go_on_from(self, other: Examinee) -> None:
        """The time that other workers of the same submission took counts, and what they left out is left out: but not
        what was left out by one that knew the calls and made a forbidden one. It chooses these lines, and could write
        answers in them."""
        self.spent = other.spent
        if not other.is_to_be_asked_again:
            self._left_out = None if other._left_out is None else dict(other._left_out)

    def load(self) -> None:
        """Starts a worker with the submission in it. What goes wrong is kept, and answered to each call.

        A statement at the top level in which a worker is stopped (a training loop without end) costs itself: it is left
        out by the next.
        """
        while self._connection is None and self._unloadable is None:
            self._load()
        if self.unreadable is None:  # a worker in the place of one that was stopped loads the same once more
            self.unreadable = self._why_unreadable()

    def _load(self) -> None:
        connection = (self.host.unaware if self._one_by_one else self.host).connect()
        opening = self.opening
        body = codec.encode(
            [
                opening.source,
                opening.filename,
                list(opening.cells),
                list(opening.names),
                opening.setup.encoded,
                self.limits.memory,
                None if self._left_out is None else list(self._left_out),
            ]
        )
        self._connection = connection
        try:
            for frame in (body, *(() if self._one_by_one else self._waiting)):
                connection.post(frame)
            check_ready(connection.receive(SETUP_SECONDS, more=True))
        except WorkerToldTooMuch as stop:  # it was ready by then
            self._give_up(stop)
            self._unloadable = Stopped(f"could not be loaded: {stop}")
            return
        except WorkerStopped as stop:
            self.close()
            raise SandboxError(f"a worker could not be set up: it {stop}") from None
        self._received = 1
        start, output, line = time.monotonic(), self._output, None
        try:
            for _ in range(MAX_STEPS):
                left = max(0.0, self.limits.submission_seconds - self.spent - time.monotonic() + start)
                answer = connection.receive(min(self._seconds_for(line), left), more=bool(self._waiting))
                (kind, fields, printed), _, _ = self._read(answer, LOADING_ROOM)
                if kind != LOADING:
                    break
                line = began(fields, len(opening.source))
                self._received -= 1  # it announces an answer, and is none
            self.problems, self.refused, self.lines = loaded(kind, fields)
            self._was_loaded = True
            self.problems += [(line, f"{LEFT_OUT}: {why}") for line, why in (self._left_out or {}).items()]
            self.problems.sort()
            used = self._take_told()
            self.used |= self.recorded
            if connection.journal.is_traced:  # else what is called while a file is loaded answers nothing
                self.used |= used
            self._printed += printed
        except WorkerStopped as stop:
            self._give_up(stop)
            if self._leave_out(line, stop):
                self._output = output  # of what is run again it comes again
            else:
                self._unloadable = Stopped(f"could not be loaded: {stop}")
        self.spent += time.monotonic() - start
        if self._connection is None and self.out_of_time:
            self._unloadable = self._too_late()
            if not self._was_loaded:
                why = f"took longer than {self.limits.submission_seconds:g} s"
                self._unloadable = Stopped(f"could not be loaded: {why}", timed_out=True)
                self.problems = [(0, why)]
        self.elsewhere += time.monotonic() - start

    def _why_unreadable(self) -> str:
        if self._unloadable is not None:
            return self._unloadable.message
        refused = {} if self.opening.cells else self.refused  # of a notebook only a cell
        return next((message for line, message in self.problems if not line or line in refused), "")

    def _too_late(self) -> Stopped:
        return Stopped(f"was not run: all before it took {self.spent:.0f} s", timed_out=True)

    def _seconds_for(self, line: int | None) -> float:
        """How long a statement at the top level may take: less, where one before it took too long already."""
        seconds = self.limits.check_seconds
        if line is None or not self._left_out or line < min(self._left_out):
            return seconds
        return min(seconds, max(1.0, seconds / LESS))

    def _leave_out(self, line: int | None, stop: WorkerStopped) -> bool:
        """Whether it is worth to load the submission again: without the statement in which the worker was stopped, or
        first with word of which it is."""
        if str(stop) == BROKE_RULES or self._unloadable is not None:
            return False
        if line is None:
            again = self._left_out is None
            self._left_out = self._left_out or {}
            return again
        self._left_out = {**(self._left_out or {}), line: str(stop)}
        return len(self._left_out) <= MAX_LEFT_OUT

    def perform(self, call: bytes, seconds: float, *, once: bool = False) -> Outcome:
        """The outcome of one call, by a deadline; with `once` that of the last such call, where there was one.
        Raises SandboxError only when the sandbox itself fails."""
        if not once:
            return self._take(self._ask(call, seconds))
        if call in self._shared:
            return self._take(replace(self._shared[call], printed=0))
        self._shared[call] = self._ask(call, seconds)
        return self._take(self._shared[call])

    def _ask(self, call: bytes, seconds: float) -> Answer:
        if early := self._early.get(call):
            return early.popleft()
        foreseen = call in self._waiting
        if not foreseen:
            self._waiting.append(call)
            if self._connection is not None and not self._one_by_one:
                self._connection.post(call)
        while True:
            asked = self._waiting[0]
            if asked == call:
                return self._next(seconds)
            # Calls before a foreseen one are no longer wanted: their check failed before it came to them.
            start = self.spent
            answer = self._next(min(PATIENCE, seconds) if foreseen else self.limits.check_seconds)
            self.elsewhere += self.spent - start
            if not foreseen:
                self._early.setdefault(asked, deque()).append(answer)
            else:
                self._skip(answer)

    def _next(self, seconds: float) -> Answer:
        """The answer to the call that the worker is at."""
        if self.out_of_time:
            self.close()
            self._unloadable = self._unloadable or self._too_late()
        if self._connection is None and self._unloadable is None:
            self.load()
        if self._unloadable is not None or self._connection is None:
            self._waiting.popleft()
            return Answer(self._unloadable or Stopped(BROKE_RULES))
        start = time.monotonic()
        if self._one_by_one:
            self._connection.post(self._waiting[0])
        try:
            body = self._connection.receive(seconds, more=not self._one_by_one and len(self._waiting) > 1)
            asked = self._sizes.get(self._waiting[0])
            room = self._room if asked is None else ROOM + 2 * asked
            (kind, fields, printed), digest, size = self._read(body, room)
            answer = Answer(outcome(kind, fields, digest, size, self.opening.place), self._take_told(), printed)
        except WorkerStopped as stop:
            used = self._give_up(stop)
            answer = Answer(Stopped(str(stop), isinstance(stop, WorkerTimedOut)), used)
        self._waiting.popleft()
        self.spent += time.monotonic() - start
        if isinstance(answer.outcome, Raised) and ran_out_of_memory(answer.outcome):
            return replace(answer, outcome=Stopped(f"used more than {self.limits.memory} MiB of memory"))
        return answer

    def _take_told(self) -> frozenset[Used]:
        """What was told on the way to the answer that came last, or to the one that will not come."""
        assert self._connection is not None
        journal, forbidden = self._connection.journal, self.opening.setup.forbidden
        self.remarks |= journal.remarks
        self.has_used |= journal.has_used
        found, self.recorded = journal.take(), self._names(journal.recorded)
        if journal.is_spoilt:
            return frozenset(Used(pattern, pattern) for pattern in forbidden)
        return self._names(found)

    def _names(self, found: set[tuple[int, str]]) -> frozenset[Used]:
        """What was told, by the patterns that forbid it: all of them, where one is told that there is none of."""
        forbidden = self.opening.setup.forbidden
        if any(number >= len(forbidden) for number, _ in found):
            return frozenset(Used(pattern, pattern) for pattern in forbidden)
        return frozenset(Used(forbidden[number], name) for number, name in found) if found else NOTHING_USED

    def _give_up(self, stop: WorkerStopped) -> frozenset[Used]:
        """Ends a worker that gives no more answers; tells what it told last.

        Raises SandboxError where the place that it ran in ended it, through no fault of its own.
        """
        assert self._connection is not None
        self._connection.close()
        if isinstance(stop, WorkerDied) and (reason := self.host.explain_death(stop, self.limits.memory)):
            self.close()
            raise SandboxError(reason)
        self._received += 1
        used = self._take_told()
        self.close()
        if isinstance(stop, WorkerToldTooMuch):  # nor does another worker
            self._unloadable = Stopped(str(stop))
        self._breaches += str(stop) == BROKE_RULES
        if self._breaches == MAX_BREACHES:
            self._unloadable = Stopped(BROKE_RULES)
        return used

    def _take(self, answer: Answer) -> Outcome:
        self._used_lately |= answer.used
        self.used |= answer.used
        self._printed += answer.printed
        return answer.outcome

    def _skip(self, answer: Answer) -> None:
        """Forgets an answer, and what was printed on the way to it."""
        if self._connection is not None and answer.printed:
            kept = self._connection.take_output(self._printed)
            self._connection.take_output(answer.printed)
            self._output += kept
            self._printed = 0

    def _read(self, body: bytes, room: int) -> tuple[tuple[str, list[Any], int], bytes, int]:
        """(kind of answer, its fields, bytes printed), a digest of it and the memory that it takes.

        Raises WorkerStopped where it is no answer. A student may have written these bytes: nothing is unpacked,
        compared or iterated before its type is known.
        """
        digest = blake2b(body, digest_size=32).digest() if len(body) <= room else b""
        try:
            answer, size = self._decode(body, digest, room)
        except codec.WireError:
            raise WorkerStopped(BROKE_RULES) from None
        if len(answer) < 3 or not all(map(is_a, answer[:2], (int, str))):
            raise WorkerStopped(BROKE_RULES)
        count, kind, *fields, printed = answer
        if count != self._received or type(printed) is not int or not 0 <= printed <= MAX_OUTPUT:
            raise WorkerStopped(BROKE_RULES)
        self._received += 1
        return (kind, fields, printed), digest, size

    def _decode(self, body: bytes, digest: bytes, room: int) -> tuple[list[Any], int]:
        if self._decoded is None or len(body) > LONGEST_KEPT:
            return codec.decode_fields(body, room)
        known = self._decoded.get((digest, room))
        if known is None:
            known = codec.decode_fields(body, room)
            self._decoded.keep((digest, room), known, known[1])
        return known

    def take_used(self) -> set[Used]:
        """What was called since the last time, and what may have been done again untold."""
        used, self._used_lately = self._used_lately | self.recorded, set()
        return used

    def take_output(self) -> str:
        """What the student's code printed since the last time."""
        if self._connection is not None:
            self._output += self._connection.take_output(self._printed)
        text, self._output, self._printed = self._output, "", 0
        return without_paths(visible(text))

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._output += self._connection.take_output()
            self._connection = None
