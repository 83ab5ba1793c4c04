"""The result JSON of a grading step, as classroom-resources/autograding-grading-reporter reads it.

An entry is a check: all-or-nothing, as the reporter has it, so that its list of ✅ and ❌ tells what works. Its notice,
which is what Classroom records, adds up `score` and is exact. Its console does so too or, in older versions, shows
passed/len(tests)·max_score: exact for full marks and none, near the score in between.

A fault of the grader claims no score: `max_score` 0 makes the reporter send no points at all, and Classroom keeps those
it has.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from grader.integrations.classroom.escape import one_line
from grader.integrations.classroom.outcome import Outcome

VERSION = 1
STATUSES = {"passed": "pass", "failed": "fail", "error": "error", "not_run": "fail"}
NO_FAULT = "This is no fault of yours and costs no points: run the job again, or tell your teacher"
# The result reaches the reporter as an environment variable, which Linux limits to 128 KiB; base64 takes a third more.
MAX_BYTES = 90_000
MAX_NAME, MAX_MESSAGE = 160, 240  # characters


def encode(outcomes: Sequence[Outcome]) -> str:
    """The base64 of the result JSON."""
    for entries in (entries_of_checks, entries_of_exercises):  # the second is for assignments of hundreds of checks
        text = json.dumps(document(outcomes, list(entries(outcomes))), separators=(",", ":"), allow_nan=False)
        if len(text) <= MAX_BYTES:
            break
    return base64.b64encode(text.encode("ascii")).decode("ascii")


def document(outcomes: Sequence[Outcome], tests: list[dict[str, Any]]) -> dict[str, Any]:
    statuses = {test["status"] for test in tests}
    status = "error" if "error" in statuses else "fail" if "fail" in statuses else "pass"
    claimed = status != "error"
    scores = settle(test["score"] for test in tests) if claimed else (0 for _ in tests)
    tests = [test | {"score": score} for test, score in zip(tests, scores, strict=True)]
    maximum = sum(outcome.max_score for outcome in outcomes) if claimed else 0
    return {"version": VERSION, "status": status, "max_score": tidy(round(maximum, 2)), "tests": tests}


def entries_of_checks(outcomes: Iterable[Outcome]) -> Iterator[dict[str, Any]]:
    for outcome in outcomes:
        if not outcome.checks:
            yield from entries_of_exercises([outcome])
        for check in outcome.checks:
            yield entry(
                f"{outcome.exercise}: {check['title'] or check['id']}",
                STATUSES[check["status"]],
                check["score"],
                check["message"],
                outcome.file,
                outcome.line_of(check),
                check["duration"],
            )


def entries_of_exercises(outcomes: Iterable[Outcome]) -> Iterator[dict[str, Any]]:
    for outcome in outcomes:
        if outcome.status == "graded":
            full = all(check["status"] == "passed" for check in outcome.checks)
            status = "pass" if full else "fail"
            yield entry(outcome.exercise, status, outcome.score, "", outcome.file, 0, outcome.result["duration"])
        elif outcome.status == "refused":
            yield entry(f"{outcome.exercise}: not graded", "fail", 0, outcome.reason, outcome.file)
        else:
            # The reason comes last: it is what may be cut.
            message = f"{outcome.exercise} could not be graded. {NO_FAULT}. What happened: {outcome.reason}"
            yield entry(f"{outcome.exercise}: not graded", "error", 0, message, outcome.file, longest=2 * MAX_MESSAGE)


def entry(
    name: str, status: str, score: float, message: str, file: str,
    line: int = 0, seconds: float = 0.0, longest: int = MAX_MESSAGE,
) -> dict[str, Any]:  # fmt: skip
    return {
        "name": one_line(name, MAX_NAME),  # the reporter prints names and messages into its own log
        "status": status,
        "score": score,
        "message": one_line(message, longest),
        "test_code": "",  # the reporter would print it, and checks are hidden
        "filename": one_line(file, MAX_NAME),
        "line_no": line,
        "duration": round(seconds * 1000),
    }


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
