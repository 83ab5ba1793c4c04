"""Running one check on one side and saying what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from grader.result import Difference
from grader.sandbox.host import SandboxError
from grader.sandbox.protocol.calls import Raised, Stopped
from grader.suite.check import Check
from grader.suite.compare import Mismatch, shown
from grader.suite.fixtures import Call, CheckRun, StudentError
from grader.suite.oracles import Side, Trusted
from grader.suite.wording import PLAIN, Wording

MAX_MESSAGE = 2000  # characters: a suite may put an answer into what it says of it


@dataclass(frozen=True)
class Verdict:
    """ "error" means that the check itself broke: the grader's fault, never the submission's."""

    check: Check
    status: Literal["passed", "failed", "error", "not_run"]
    message: str = ""
    difference: Difference | None = None
    calls: tuple[Call, ...] = ()

    @property
    def passed(self) -> bool:
        return self.status == "passed"

    @cached_property
    def targets(self) -> set[str]:
        """The functions of the submission that the check called."""
        return {call.target for call in self.calls}

    @property
    def last_function(self) -> str:
        """The function that was called last."""
        return self.calls[-1].function if self.calls else ""

    @property
    def timed_out(self) -> set[str]:
        """The functions that took longer than a limit."""
        late = [call for call in self.calls if isinstance(call.got, Stopped) and call.got.timed_out]
        return {name for call in late for name in (call.function, call.target)}

    @property
    def raised_at(self) -> int | None:
        """The line of the student's file where the last call raised."""
        last = self.calls[-1].outcome if self.calls else None
        return last.line if isinstance(last, Raised) else None


def judge(
    check: Check,
    side: Side,
    reference: Trusted,
    seed: int,
    seconds: float,
    *,
    dry_run: Callable[[int], None] | None = None,
    words: Wording = PLAIN,
) -> Verdict:
    """The verdict on one side of one check. Raises SandboxError only."""
    check_run = CheckRun(check.inputs or check.id, side, reference, seed, seconds, dry_run=dry_run, words=words)
    try:
        check.run(check_run)
    except SandboxError:
        raise
    except (AssertionError, StudentError) as failure:
        difference = shown(failure.difference) if isinstance(failure, Mismatch) else None
        message = str(failure).partition("\nassert")[0][:MAX_MESSAGE] or "what the title says does not hold"
        if check.hidden_input:
            message, difference = veiled(failure), None
        return Verdict(check, "failed", message, difference, tuple(check_run.calls))
    except Exception as error:
        if side is not reference and judge(check, reference, reference, seed, seconds).passed:
            # The check stumbled over what the submission answered.
            message = "answered something that cannot be judged" + (
                "" if check.hidden_input else f" ({error})"[:MAX_MESSAGE]
            )
            return Verdict(check, "failed", message, None, tuple(check_run.calls))
        return Verdict(check, "error", f"the check broke: {error!r}")
    return Verdict(check, "passed", calls=tuple(check_run.calls))


def veiled(failure: BaseException) -> str:
    """A failure in words that give away neither input nor expected value. Which error it was is the student's choice,
    and could tell an input."""
    if isinstance(failure, StudentError) and isinstance(failure.outcome, Raised):
        return "raised an error (the inputs of this check are not shown)"
    return "the answer is wrong (the inputs of this check are not shown)"
