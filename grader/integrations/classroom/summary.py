"""The job summary: what came of each exercise, in Markdown, with partial credit and named mistakes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.integrations.classroom.escape import markdown
from grader.integrations.classroom.outcome import Outcome
from grader.integrations.classroom.reporter import NO_FAULT
from grader.result import CheckResult, NamedMistake
from grader.text import points

SYMBOLS = {"passed": "✅", "failed": "❌", "error": "⚠️", "not_run": "➖"}
MAX_TEXT = 800  # characters of one text
MAX_BYTES = 900_000  # GitHub takes 1 MiB a step, and nothing of a longer summary


def summarise(outcomes: Sequence[Outcome], most: int = MAX_BYTES) -> str:
    """The whole summary, of so many bytes. Exercises that no longer fit are left with their line in the table."""
    parts = ["\n".join(overview(outcomes))]
    left = most - len(parts[0].encode())
    for outcome in outcomes:
        part = "\n".join(section(outcome))
        left -= len(part.encode())
        if left < 0:
            parts.append("The rest is too long to be shown here: `grade` shows it.\n")
            break
        parts.append(part)
    return "\n".join(parts)


def overview(outcomes: Sequence[Outcome]) -> Iterator[str]:
    graded = [outcome for outcome in outcomes if outcome.status != "fault"]
    score, worth = sum(each.score for each in graded), sum(each.max_score for each in graded)
    yield f"# {points(score)} / {points(worth)} points\n" if graded else "# Not graded\n"
    if len(graded) < len(outcomes):
        yield f"⚠️ **The grader failed.** {NO_FAULT}.\n"
    yield "| Exercise | Points | Checks passed | File |\n| :-- | --: | --: | :-- |"
    for outcome in outcomes:
        passed = sum(check.status == "passed" for check in outcome.checks)
        counted = f"{passed} of {len(outcome.checks)}" if outcome.checks else "–"
        worth_of = (
            f"{points(outcome.score)} / {points(outcome.max_score)}" if outcome.status != "fault" else "not graded"
        )
        yield f"| {text(outcome.exercise)} | {worth_of} | {counted} | {text(outcome.file) or '–'} |"
    yield ""


def section(outcome: Outcome) -> Iterator[str]:
    yield f"## {text(outcome.title or outcome.exercise)}\n"
    if outcome.status == "refused":
        yield f"❌ Not graded: {text(outcome.reason)}\n"
    elif outcome.status == "fault":
        yield f"⚠️ Could not be graded: {text(outcome.reason)}\n"
    result = outcome.result
    for note in (*outcome.notes, *(result.notes if result else ())):
        yield f"> {text(note)}\n"
    if result is None:
        return
    if result.not_allowed:
        yield f"> Not allowed in this exercise: {text(', '.join(result.not_allowed))}\n"
    if result.mistakes:
        yield "### What went wrong\n"
        yield from map(mistake_item, result.mistakes)
        yield ""
    yield "| | Points | Check |\n| :-: | --: | :-- |"
    yield from map(check_row, outcome.checks)
    yield f"\nSeed {result.seed}: `grade --seed` repeats these inputs.\n"
    if result.course:
        yield f"Course: {text(result.course.path)} ({result.course.kind})\n"


def mistake_item(mistake: NamedMistake) -> str:
    badge = " *(a common textbook slip)*" if mistake.textbook else ""
    return f"- **{text(mistake.title)}**{badge}<br>{text(mistake.explanation)}"


def check_row(check: CheckResult) -> str:
    lines = [text(check.title or check.id)]
    if check.status != "passed":
        lines += [text(check.message)] if check.message else []
        lines += [f"Hint: {text(check.hint)}"] if check.hint else []
    worth = f"{points(check.score)} / {points(check.max_score)}"
    return f"| {SYMBOLS[check.status]} | {worth} | {'<br>'.join(lines)} |"


def text(words: str) -> str:
    return markdown(words, MAX_TEXT)
