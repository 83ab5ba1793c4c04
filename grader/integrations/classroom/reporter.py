"""The result JSON of a grading step, as classroom-resources/autograding-grading-reporter reads it.

An entry is a check: all-or-nothing, as the reporter has it, so that its list of ✅ and ❌ tells what works. Its notice,
which is what Classroom records, adds up `score` and is exact. Its console shows passed/len(tests)·max_score: exact for
full marks and none, near the score in between. So that it stays near, an exercise without a file has as many failed
entries as it has checks.

A fault of the grader claims no score: `max_score` 0 makes the reporter send no points at all, and Classroom keeps those
it has.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from grader.integrations.classroom.escape import one_line
from grader.integrations.classroom.outcome import Outcome
from grader.report.findings import findings
from grader.result import CheckStatus

VERSION = 1
Status = Literal["pass", "fail", "error"]
STATUSES: dict[CheckStatus, Status] = {"passed": "pass", "failed": "fail", "error": "error", "not_run": "fail"}
NO_FAULT = "This is no fault of yours and costs no points: run the job again, or tell your teacher"
# The result reaches the reporter as an environment variable, which Linux limits to 128 KiB; base64 takes a third more.
MAX_BYTES = 90_000
MAX_NAME, MAX_MESSAGE = 160, 240  # characters


@dataclass(frozen=True)
class Entry:
    """One line of the reporter's list, by its names."""

    name: str
    status: Status
    score: float
    message: str
    filename: str
    line_no: int = 0
    duration: int = 0  # milliseconds
    test_code: str = ""  # the reporter would print it, and checks are hidden

    @staticmethod
    def of(
        name: str, status: Status, score: float, message: str, file: str,
        line: int = 0, seconds: float = 0.0, longest: int = MAX_MESSAGE,
    ) -> Entry:  # fmt: skip
        """Names and messages are cut to size and made safe: the reporter prints them into its own log."""
        return Entry(
            one_line(name, MAX_NAME), status, score, one_line(message, longest), one_line(file, MAX_NAME), line,
            round(seconds * 1000),
        )  # fmt: skip


def encode(outcomes: Sequence[Outcome]) -> str:
    """The base64 of the result JSON."""
    for entries in (entries_of_checks, entries_of_exercises):  # the second is for assignments of hundreds of checks
        text = json.dumps(document(outcomes, list(entries(outcomes))), separators=(",", ":"), allow_nan=False)
        if len(text) <= MAX_BYTES:
            break
    return base64.b64encode(text.encode("ascii")).decode("ascii")


def document(outcomes: Sequence[Outcome], entries: list[Entry]) -> dict[str, Any]:
    statuses = {entry.status for entry in entries}
    status = "error" if "error" in statuses else "fail" if "fail" in statuses else "pass"
    claimed = status != "error"
    scores = settle(entry.score for entry in entries) if claimed else (0 for _ in entries)
    tests = [asdict(replace(entry, score=score)) for entry, score in zip(entries, scores, strict=True)]
    maximum = sum(outcome.max_score for outcome in outcomes) if claimed else 0
    return {"version": VERSION, "status": status, "max_score": tidy(round(maximum, 2)), "tests": tests}


def entries_of_checks(outcomes: Iterable[Outcome]) -> Iterator[Entry]:
    for outcome in outcomes:
        for title in outcome.asked:
            yield Entry.of(f"{outcome.exercise}: {title}", "fail", 0, outcome.reason, outcome.file)
        if not outcome.checks and not outcome.asked:
            yield from entries_of_exercises([outcome])
        found = findings(outcome.result) if outcome.result else None
        cause = found.headline if found and found.is_unloaded else ""  # of all: each entry is read by itself
        for check in outcome.checks:
            yield Entry.of(
                f"{outcome.exercise}: {check.title or check.id}",
                STATUSES[check.status],
                check.score,
                cause or check.message,
                outcome.file,
                outcome.line_of(check),
                check.duration,
            )


def entries_of_exercises(outcomes: Iterable[Outcome]) -> Iterator[Entry]:
    for outcome in outcomes:
        if result := outcome.result:
            status: Status = "pass" if result.full_marks else "fail"
            yield Entry.of(outcome.exercise, status, outcome.score, "", outcome.file, 0, result.duration)
        elif outcome.status == "refused":
            yield Entry.of(f"{outcome.exercise}: not graded", "fail", 0, outcome.reason, outcome.file)
        else:
            # The reason comes last: it is what may be cut.
            message = f"{outcome.exercise} could not be graded. {NO_FAULT}. What happened: {outcome.reason}"
            yield Entry.of(
                f"{outcome.exercise}: not graded", "error", 0, message, outcome.file, longest=2 * MAX_MESSAGE
            )


def settle(scores: Iterable[float]) -> Iterator[float]:
    """Scores that add up, in floating point and from left to right, to the sum as written with two decimals.

    The reporter shows the bare sum: thirds of ten points would make it 99.999999.
    """
    total = told = 0.0
    for score in scores:
        total += score
        share = round(total, 2) - told if score else 0.0
        told += share
        yield tidy(share)


def tidy(number: float) -> float | int:
    return int(number) if number == int(number) else number
