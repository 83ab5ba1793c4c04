"""Annotations: what went wrong, beside the student's lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from grader.integrations.classroom.escape import command, shorten
from grader.integrations.classroom.outcome import Outcome
from grader.integrations.classroom.reporter import NO_FAULT
from grader.result import CheckResult

LOADING = re.compile(r"Line (\d{1,6}) failed while the file was loaded")
MOST = 10  # of one kind that a runner shows for a step
MAX_MESSAGE, MAX_TITLE = 1000, 200  # characters


def annotate(outcomes: Sequence[Outcome]) -> list[str]:
    """Workflow commands, the most telling of each exercise first. No two say the same about the same line."""
    commands = list(dict.fromkeys(chain.from_iterable(map(annotations_of, outcomes))))
    if len(commands) <= MOST:
        return commands
    more = f"{len(commands) - MOST + 1} more are in the summary of this run."
    return [*commands[: MOST - 1], command("error", more, title="What went wrong")]


def annotations_of(outcome: Outcome) -> Iterator[str]:
    if outcome.status == "fault":
        yield place(outcome, 0, "The grader failed", f"{outcome.exercise}: {NO_FAULT}. {outcome.reason}")
    elif outcome.status == "refused":
        yield place(outcome, 0, f"{outcome.exercise} was not graded", outcome.reason)
    for note in outcome.result.notes if outcome.result else ():
        if found := LOADING.match(note):
            yield place(outcome, int(found[1]), "Loading failed", note)
    failed = {check.id: check for check in outcome.checks if check.status != "passed"}
    explained: set[str] = set()
    for mistake in outcome.mistakes:
        explained.update(mistake.checks)
        lines = (outcome.line_of(failed[identity]) for identity in mistake.checks if identity in failed)
        yield place(outcome, next(filter(None, lines), 0), mistake.title, mistake.explanation)
    told: set[tuple[int, str]] = set()
    for identity, check in failed.items():
        if identity not in explained and (key := (outcome.line_of(check), check.message)) not in told:
            told.add(key)
            yield place(outcome, key[0], check.title or identity, message_of(check))


def message_of(check: CheckResult) -> str:
    return f"{check.message}\nHint: {check.hint}" if check.hint else check.message


def place(outcome: Outcome, line: int, title: str, message: str) -> str:
    where: dict[str, str | int] = {"file": outcome.file} if outcome.file else {}
    where |= {"line": line} if line and outcome.file else {}
    return command("error", shorten(message, MAX_MESSAGE), **where, title=shorten(title, MAX_TITLE))
