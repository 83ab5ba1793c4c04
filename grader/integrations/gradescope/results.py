"""results.json, as Gradescope specifies it: a test a check, partial credit, and what went wrong in words.

Texts of students and suites become HTML by one function that escapes them. Where a check is hidden from students,
nothing that they see elsewhere tells how it went.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

from grader.integrations.gradescope.assignment import VISIBLE, Assignment, Part
from grader.report.findings import excerpt, told
from grader.report.page import write_page
from grader.report.typeset import tagged
from grader.result import Cause, CheckResult, Result, plain
from grader.text import points, visible

GRADED, ERROR = "graded", "error"
DIGITS = 4  # of a score


@dataclass(frozen=True)
class Outcome:
    """What came of one exercise: a result, or the reason why there is none."""

    part: Part
    result: Result | None = None
    missing: str = ""  # there was nothing to grade: the student's loss
    fault: str = ""  # the grader could not grade; told to the instructor only, as it may quote a suite
    notes: tuple[str, ...] = ()  # on the choice of the file

    @property
    def score(self) -> float:
        return (self.result.score or 0.0) if self.result else 0.0


def document(
    assignment: Assignment, outcomes: Sequence[Outcome], previous: float | None, seconds: float
) -> dict[str, Any]:
    """The results of a run. `previous`: the score of the student's last graded submission, if there is one.

    A fault of the grader takes nothing away: the score is then no less than that.
    """
    failed = [outcome for outcome in outcomes if outcome.fault]
    told = list(settled(tests(assignment, outcomes)))
    score = sum(test.get("score", 0.0) for test in told)
    texts = [fault_text(previous, [outcome.part.title for outcome in failed])] if failed else []
    texts += [text for outcome in outcomes for text in part_texts(outcome, assignment)]
    return frame(
        max(score, previous or 0.0) if failed else score,
        "\n".join(texts),
        told,
        seconds,
        {"status": ERROR if failed else GRADED, "exercises": {each.part.name: record(each) for each in outcomes}},
    )


def failure(previous: float | None, seconds: float = 0.0) -> dict[str, Any]:
    """The results where the grader failed before it came to any."""
    return frame(previous or 0.0, fault_text(previous), [], seconds, {"status": ERROR})


def frame(
    score: float, output: str, tests: list[dict[str, Any]], seconds: float, extra_data: dict[str, Any]
) -> dict[str, Any]:
    return {
        "score": round(score, DIGITS),
        "execution_time": round(seconds, 3),
        "output": output,
        "output_format": "html",
        "test_output_format": "html",
        "test_name_format": "text",
        "visibility": VISIBLE,
        "stdout_visibility": "hidden",  # it may quote a suite, and tells how hidden checks went
        "extra_data": extra_data,
        "tests": tests,
    }


def fault_text(previous: float | None, titles: Sequence[str] = ()) -> str:
    what = ", ".join(map(html, titles)) or "this"
    if previous is None:
        score = "The score shown is no grade: what is not graded counts as 0 in it, until the autograder is run again."
    else:
        score = "The score shown is no less than that of your last graded submission."
    return (
        f"<p><strong>The grader could not grade {what}. "
        "This is no fault of yours and will not cost you a mark.</strong></p>\n"
        f"<p>{score} Tell your instructor, who sees the reason in the autograder's output and can run it again.</p>"
    )


def part_texts(outcome: Outcome, assignment: Assignment) -> Iterator[str]:
    """What the student reads above the tests, as HTML."""
    result, part = outcome.result, outcome.part
    best = points(part.points * assignment.scale)
    if outcome.fault:
        yield f"<h3>{html(part.title)}: not graded</h3>"
    elif assignment.conceals:  # a score here would tell of checks that are hidden
        yield f"<h3>{html(part.title)}</h3>"
    else:
        yield f"<h3>{html(part.title)}: {points(outcome.score * assignment.scale)} of {best} points</h3>"
    yield from (f"<p>{html(note)}</p>" for note in outcome.notes)
    if outcome.missing:
        yield f"<p><strong>{html(outcome.missing)}</strong></p>"
    if not result:
        return
    if result.not_allowed:
        yield f"<p>Not allowed in this exercise: <code>{html(', '.join(result.not_allowed))}</code></p>"
    yield from map(cause_text, result.causes)
    yield from (f"<p>{html(note)}</p>" for note in result.notes)
    mistakes = [each for each in result.mistakes if any(id not in part.visibility for id in each.checks)]
    if mistakes:
        yield "<p><strong>What went wrong</strong></p>\n<ul>"
        for mistake in mistakes:
            slip = " <em>(a common textbook slip)</em>" if mistake.textbook else ""
            yield f"<li><strong>{ours(mistake.title)}</strong>{slip}<br>{ours(mistake.explanation)}</li>"
        yield "</ul>"


def cause_text(cause: Cause) -> str:
    advice = f"<br>{html(cause.advice[:1].upper() + cause.advice[1:])}." if cause.advice else ""
    code = "\n".join(escape(visible(line)) for line in excerpt(cause))
    return f"<p><strong>{html(told(cause))}</strong>{advice}</p>" + (f"\n<pre>{code}</pre>" if code else "")


def tests(assignment: Assignment, outcomes: Sequence[Outcome]) -> Iterator[dict[str, Any]]:
    """One test a check; one an exercise where there are no checks to show."""
    for number, outcome in enumerate(outcomes, 1):
        part, result = outcome.part, outcome.result
        if result is None:
            test: dict[str, Any] = {"status": "failed", "name": visible(part.title), "number": f"{number}.1"}
            if outcome.missing:  # else no score is claimed
                test |= {"score": 0.0, "max_score": part.points * assignment.scale}
            told = outcome.missing or "Not graded, through no fault of yours."
            yield test | shown(f"<p>{html(told)}</p>", VISIBLE, {"exercise": part.name})
            continue
        prefix = f"{part.title}: " if len(outcomes) > 1 else ""
        # Thirds of points were rounded, so together they are not quite what the exercise is worth.
        scale = assignment.scale * part.points / (sum(check.max_score for check in result.checks) or 1.0)
        for place, check in enumerate(result.checks, 1):
            about = {
                "exercise": part.name,
                "check": check.id,
                "seed": result.seed,
                "mistakes": [each.id for each in result.mistakes if check.id in each.checks],
            }
            yield {
                "score": check.score * scale,
                "max_score": check.max_score * scale,
                "status": "passed" if check.status == "passed" else "failed",
                "name": visible(prefix + (check.title or check.id)),
                "number": f"{number}.{place}",
            } | shown(check_text(check), part.visibility.get(check.id, VISIBLE), about)


def settled(tests: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Tests whose points have few digits and add up, in decimals, to the whole: a third of ten points is 3.3333 twice
    and 3.3334 once. What is earned is the same share of them."""
    unit = 10**DIGITS
    exact, given = 0.0, 0
    for test in tests:
        if worth := test.get("max_score"):
            exact += worth
            share = round(exact * unit) - given
            given += share
            test |= {"score": round(share * test["score"] / worth) / unit, "max_score": share / unit}
        yield test


def shown(output: str, visibility: str, extra_data: dict[str, Any]) -> dict[str, Any]:
    return {
        "name_format": "text",
        "output": output,
        "output_format": "html",
        "visibility": visibility,
        "extra_data": extra_data,
    }


def check_text(check: CheckResult) -> str:
    texts = [f"<p>{html(check.message)}</p>"] if check.message else []
    if check.hint:
        texts.append(f"<p><em>Hint:</em> {ours(check.hint)}</p>")
    return "\n".join(texts)


def record(outcome: Outcome) -> dict[str, Any]:
    """What an instructor needs to repeat or explain a result. Gradescope stores it and shows it to nobody."""
    result = outcome.result
    if result is None:
        return {"status": ERROR if outcome.fault else "missing"}
    return {
        "status": result.status,
        "score": result.score,
        "max_score": result.max_score,
        "seed": result.seed,
        "not_allowed": list(result.not_allowed),
        "sandbox": plain(result.sandbox),
        "environment": result.environment,
        "course": plain(result.course),
        "mistakes": [mistake.id for mistake in result.mistakes],
    }


def html(text: str, *, ours: bool = False) -> str:
    """Text as HTML that shows exactly it, but for what is typeset (see grader.report.typeset)."""
    return tagged(visible(text), escape, ours=ours).replace("\n", "<br>")


ours = partial(html, ours=True)


def write(results: dict[str, Any], path: Path) -> None:
    """Puts results in the place of those that are there, all at once. Raises ValueError for NaN and infinities."""
    write_page(json.dumps(results, indent=2, allow_nan=False) + "\n", path)
