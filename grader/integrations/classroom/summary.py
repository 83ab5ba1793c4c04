"""The job summary: what came of each exercise, in Markdown, with partial credit and named mistakes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.integrations.classroom.escape import block, markdown
from grader.integrations.classroom.outcome import Outcome
from grader.integrations.classroom.reporter import NO_FAULT
from grader.report.findings import Group, excerpt, findings, told
from grader.result import Cause, CheckStatus, NamedMistake
from grader.text import count, points

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
    found = findings(result)
    if found.causes or found.mistakes:
        yield "### What went wrong\n"
        yield from map(cause_item, found.causes)
        yield from map(mistake_item, found.mistakes)
        yield ""
    yield "| | Points | Check |\n| :-: | --: | :-- |"
    yield from map(failed_row, (*found.groups, *found.not_run))
    if result.full_marks:
        yield from (row("passed", points(check.max_score), ours(check.title or check.id)) for check in found.passed)
    elif found.passed:
        yield row("passed", points(sum(check.score for check in found.passed)), found.passed_in_short)
    yield f"\nSeed {result.seed}: `grade --seed` repeats these inputs.\n"
    if result.course:
        yield f"Course: {text(result.course.path)} ({result.course.kind})\n"


def cause_item(cause: Cause) -> str:
    lines = [f"**{text(told(cause))}**"]
    if cause.advice:
        lines.append(f"{text(cause.advice[:1].upper() + cause.advice[1:])}.")
    code = excerpt(cause)
    return "- " + "<br>".join(lines) + (f"\n  {block(code, MAX_TEXT)}" if code else "")


def mistake_item(mistake: NamedMistake) -> str:
    badge = " *(a common textbook slip)*" if mistake.textbook else ""
    return f"- **{ours(mistake.title)}**{badge}<br>{ours(mistake.explanation)}"


def failed_row(group: Group) -> str:
    check = group.first
    if not group.alike:
        lines = [ours(check.title or check.id), *([text(check.message)] if check.message else [])]
    elif check.status == "not_run":
        lines = [f"{count(len(group.checks), 'check')} {text(check.message)}"]
    else:
        lines = [text(check.message), group.alike, *(f"· {ours(title)}" for title in group.titles)]
    lines += [f"Hint: {ours(check.hint)}"] if check.hint else []
    return row(check.status, f"{points(group.score)} / {points(group.max_score)}", "<br>".join(lines))


def row(status: CheckStatus, worth: str, said: str) -> str:
    return f"| {SYMBOLS[status]} | {worth} | {said} |"


def ours(words: str) -> str:
    return markdown(words, MAX_TEXT, ours=True)


def text(words: str) -> str:
    return markdown(words, MAX_TEXT)
