"""Judging in a process forked from this one: where it dies over one submission, the others are still graded.

Nothing that a student can send is known to bring the judge down. Should something do it all the same, or the machine
run out of memory, it costs one result.
"""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from grader.grading.fork_pool import begin
from grader.result import Result
from grader.sandbox.connection import how_it_ended
from grader.sandbox.host import Hosts
from grader.submissions.submission import Submission

TRIES = 2  # for a submission over which the judge dies: a machine that is short of memory may have more a moment later

Grade = Callable[[Submission, Hosts], Result]


class JudgeDied(Exception):
    """The process that judged is gone. The message says how it ended."""


class Judge:
    """A forked process that grades one submission after another, with worker hosts of its own."""

    def __init__(self, grade: Grade, hosts: Hosts) -> None:
        context = multiprocessing.get_context("fork")
        self._ours, theirs = context.Pipe()
        own = hosts.split()
        self._process = context.Process(target=serve, args=(self._ours, theirs, grade, own), daemon=True)
        self._process.start()
        theirs.close()
        own.__exit__(None, None, None)  # only the judge holds them now

    def grade(self, submission: Submission) -> Result:
        """Raises JudgeDied, and RuntimeError for what went wrong in it."""
        try:
            self._ours.send(submission)
            answer = self._ours.recv()
        except (EOFError, OSError):
            self._process.join()
            raise JudgeDied(how_it_ended(self._process.exitcode)) from None
        if isinstance(answer, Result):
            return answer
        raise RuntimeError(answer)

    def close(self) -> None:
        self._ours.close()
        self._process.kill()
        self._process.join()


def serve(theirs: Connection[Any, Any], ours: Connection[Any, Any], grade: Grade, hosts: Hosts) -> None:
    begin(theirs.close, ())
    gc.freeze()
    gc.enable()
    with suppress(EOFError):
        while True:
            submission = ours.recv()
            try:
                answer: Result | str = grade(submission, hosts)
            except Exception as error:
                answer = f"{type(error).__name__}: {error}"
            ours.send(answer)


def graded_apart(
    submissions: Iterable[Submission], grade: Grade, hosts: Hosts, blank: Callable[[Submission, str], Result]
) -> Iterator[Result]:
    """Grades all of them. `blank`: the result of one that the grader could not grade, for a reason."""
    judge = Judge(grade, hosts)
    try:
        for submission in submissions:
            reason = ""
            for _ in range(TRIES):
                try:
                    result = judge.grade(submission)
                    break
                except RuntimeError as error:
                    result = blank(submission, f"the grader failed: {error}")
                    break
                except JudgeDied as end:
                    reason = (
                        f"the grader's own process died {TRIES} times while it judged this ({end}); please report it"
                    )
                    judge.close()
                    judge = Judge(grade, hosts)
            else:
                result = blank(submission, reason)
            yield result
    finally:
        judge.close()
