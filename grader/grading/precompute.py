"""Precomputes what every known mistake answers to all that a suite asks: once for a class, and on all cores.

Otherwise each process that grades would do it for itself, whenever a submission first fails a check.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress

from grader.grading.fork_pool import forked
from grader.sandbox.protocol.calls import encode_outcome
from grader.suite.fingerprint import Sketch
from grader.suite.oracles import Trusted

Question = tuple[Trusted, Sequence[bytes]]  # a side, and the calls to ask it
Answer = tuple[int, bytes, Sketch | None]  # the number of the call, the outcome encoded, its sketch
AT_ONCE = 4  # sides
MAX_ANSWERS = 64 << 20  # bytes of answers, of all sides

questions: Sequence[Question] = ()  # of a process that precomputes


@contextmanager
def precomputed(asked: Sequence[Question], jobs: int) -> Iterator[None]:
    """Lets every side foresee its answers, while the body does what else there is to do.

    A side on which processes die is left to be asked when it is needed.
    """
    if not asked:
        yield
        return
    found: Iterator[list[Answer]] | None = None
    with forked(jobs, enter, asked) as pool:
        with suppress(BrokenProcessPool):
            found = pool.map(answers, range(len(asked)), chunksize=AT_ONCE)
        yield
        if found is None:
            return
        with suppress(BrokenProcessPool):
            left = MAX_ANSWERS
            for (side, calls), each in zip(asked, found, strict=True):
                left -= sum(len(answer) for _, answer, _ in each)
                if left < 0:
                    return
                for number, answer, sketch in each:
                    side.foresee(calls[number], answer, sketch)


def enter(asked: Sequence[Question]) -> None:
    global questions
    questions = asked
    gc.freeze()
    gc.enable()


def answers(number: int) -> list[Answer]:
    """What a side answers otherwise than the reference, as far as that is known."""
    side, calls = questions[number]
    return [
        (place, encode_outcome(side.perform(call)), side.sketch(call))
        for place, call in enumerate(calls)
        if not side.is_as_reference(call)
    ]
