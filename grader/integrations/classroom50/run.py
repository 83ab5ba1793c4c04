"""The run on the runner, in autograder.py's environment: a checkout → outcome.json, release-body.md, report.html.

autograder.py adds who and when, and writes result.json: what it needs for that it has, and this process may fail.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

from grader.course.course import Course
from grader.integrations.classroom.escape import one_line
from grader.integrations.classroom.judge import Judge
from grader.integrations.classroom.matching import Answer, find_answers
from grader.integrations.classroom.outcome import Outcome
from grader.integrations.classroom.reporter import NO_FAULT
from grader.integrations.classroom.summary import summarise
from grader.integrations.classroom50.autograder import BODY, REPORT
from grader.integrations.classroom50.page import page
from grader.integrations.classroom50.points import Scale, earned
from grader.integrations.grade_process import seconds_within
from grader.submissions.submission import SubmissionError
from grader.suite.check import Check
from grader.text import points

OUTCOME = "outcome.json"
MAX_BODY = 100_000  # bytes of the text of a Release: GitHub takes 125,000 characters
MAX_NAME, MAX_MESSAGE, MAX_SUMMARY = 100, 300, 140  # characters; a commit's status takes no longer summary


@dataclass(frozen=True)
class Asked:
    """A check of an assignment, and what it is worth in Classroom 50."""

    exercise: str
    check: Check
    whole: int


def grade_checkout(judge: Judge, seconds: float) -> list[Outcome]:
    """What came of each exercise of the course, within so many seconds: what one leaves of its share the rest get.

    A submission gets no more time than its share, so that code which never ends costs its own checks: only what the
    grader itself needs beyond that would be a fault.
    """
    end = time.monotonic() + seconds
    names = judge.course.names
    try:
        answers = find_answers(judge.repository, judge.course, names)
    except SubmissionError as error:  # too much in it, or a folder that may not be read
        answers = [Answer(name, reason=str(error)) for name in names]
    outcomes = []
    for number, answer in enumerate(answers):
        share = (end - time.monotonic()) / (len(answers) - number)
        total = seconds_within(share)
        patience = max(share - judge.check_seconds, 1.0)
        outcomes.append(
            replace(judge, patience=patience, options=[*judge.options, "--total", f"{total:g}"]).judge(answer)
        )
    return outcomes


def asked(course: Course) -> list[Asked]:
    """All checks of an assignment, whether or not there is anything to ask them."""
    checks = [(name, check) for name in course.names for check in course.exercise(name).answer_key().checks]
    whole = Scale(tuple(check.points for _, check in checks)).whole
    return [Asked(name, check, worth) for (name, check), worth in zip(checks, whole, strict=True)]


def write(outcomes: Sequence[Outcome], course: Course, folder: Path) -> None:
    """Writes what autograder.py takes."""
    checks = asked(course)
    told = document(outcomes, checks)
    body = summarise(outcomes, MAX_BODY)
    if note := note_on_points(told, checks):
        body = f"{body}\n{note}\n"
    (folder / BODY).write_text(body, encoding="utf-8")
    (folder / REPORT).write_text(page(outcomes), encoding="utf-8")
    (folder / OUTCOME).write_text(json.dumps(told, allow_nan=False), encoding="utf-8")


def document(outcomes: Sequence[Outcome], checks: Sequence[Asked]) -> dict[str, Any]:
    """The part of result.json that grading decides, and what a commit's status says.

    A fault of the grader in one exercise claims no score at all: Classroom 50 publishes nothing for such a status, and
    what was published before stands.
    """
    if failed := [outcome for outcome in outcomes if outcome.status == "fault"]:
        names = ", ".join(outcome.exercise for outcome in failed)
        return told("error", f"Not graded: {names}. {NO_FAULT}.", [])
    tests = list(tests_of(outcomes, checks))
    status = "success" if all(test["passed"] for test in tests) else "failure"
    named = [mistake.title for outcome in outcomes for mistake in outcome.mistakes]
    refused = [outcome.reason for outcome in outcomes if outcome.status == "refused"]
    score, worth = (points(sum(getattr(each, name) for each in outcomes)) for name in ("score", "max_score"))
    summary = " ".join([f"{score} of {worth} points.", *refused[:1], *(f"{title}." for title in named[:2])])
    return told(status, summary, tests)


def told(status: str, summary: str, tests: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "status": status,
        "summary": one_line(summary, MAX_SUMMARY),
        "score": sum(test["score"] for test in tests),
        "max-score": sum(test["max-score"] for test in tests),
        "tests": tests,
    }


def tests_of(outcomes: Sequence[Outcome], checks: Sequence[Asked]) -> Iterator[dict[str, Any]]:
    """One test a check, in every outcome the same ones: what is missing has lost all its checks."""
    by_exercise = {outcome.exercise: outcome for outcome in outcomes}
    graded = {(outcome.exercise, check.id): check for outcome in outcomes for check in outcome.checks}
    taken: set[str] = set()
    for each in checks:
        outcome, title = by_exercise[each.exercise], each.check.title or each.check.id
        wanted = one_line(f"{each.exercise}: {title}" if len(outcomes) > 1 else title, MAX_NAME)
        name = next(name for name in numbered(wanted) if name not in taken)
        taken.add(name)
        found = graded.get((each.exercise, each.check.id))
        passed = found is not None and found.status == "passed" and found.score >= found.max_score
        yield {
            "test-name": name,
            "passed": passed,
            "score": earned(found.score, found.max_score, each.whole, passed=passed) if found else 0,
            "max-score": each.whole,
            "exercise": each.exercise,
            "message": one_line(found.message if found else outcome.reason, MAX_MESSAGE),
            "hint": one_line(found.hint if found and not passed else "", MAX_MESSAGE),
            "mistakes": [mistake.id for mistake in outcome.mistakes if each.check.id in mistake.checks],
        }


def numbered(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name} ({number})" for number in count(2))


def note_on_points(told: dict[str, Any], checks: Sequence[Asked]) -> str:
    """Why Classroom 50 shows other numbers, where it does."""
    if not told["tests"] or all(each.whole == each.check.points for each in checks):
        return ""
    factor = Scale(tuple(each.check.points for each in checks)).factor
    how = f"each point here is {factor} there" if factor else "points are rounded there"
    return f"Classroom 50 takes whole numbers: {told['score']} of {told['max-score']}, for {how}."
