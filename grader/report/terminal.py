"""A result in the terminal."""

from __future__ import annotations

import shutil
import textwrap
from pathlib import Path

import click

from grader.result import CheckResult, NamedMistake, Result, Sandbox
from grader.text import one_line, points, visible

MAX_PRINTED_LINES = 6
SYMBOLS = {"passed": ("✓", "green"), "failed": ("✗", "red"), "error": ("!", "yellow"), "not_run": ("·", "yellow")}


def line(result: Result) -> str:
    """A result in one line."""
    if result.score is None:
        return f"{visible(result.submission)}: not graded: {visible(result.error)}"
    names = "; ".join(mistake.title for mistake in result.mistakes)
    return f"{visible(result.submission)}: {points(result.score)}/{points(result.max_score)}{names and f' ({names})'}"


def summary(result: Result, report: Path | None = None) -> str:
    """A result in full, as wide as the terminal."""
    width = min(shutil.get_terminal_size().columns, 100)
    parts = [heading(result), ""]
    if result.score is None:
        reason = f"The grader could not grade this: {visible(result.error)}. It costs the student nothing."
        parts += wrapped(reason, 2, width)
    parts += [text for check in result.checks for text in check_lines(check, width)]
    if result.mistakes:
        parts += ["", click.style("  What went wrong", bold=True)]
        parts += [text for mistake in result.mistakes for text in mistake_lines(mistake, width)]
    if result.not_allowed:
        parts += ["", *wrapped(f"Not allowed in this exercise: {visible(', '.join(result.not_allowed))}", 2, width)]
    for note in result.notes:
        parts += ["", *wrapped(visible(note), 2, width)]
    parts += ["", click.style(footer(result, report), dim=True)]
    return "\n".join(parts)


def heading(result: Result) -> str:
    title = click.style(result.title or result.exercise, bold=True)
    if result.score is None:
        return f"{title}   {click.style('not graded', fg='yellow', bold=True)}   {visible(result.submission)}"
    colour = "green" if result.full_marks else "yellow" if result.score else "red"
    score = click.style(f"{points(result.score)} / {points(result.max_score)}", fg=colour, bold=True)
    return f"{title}   {score}   {visible(result.submission)}"


def check_lines(check: CheckResult, width: int) -> list[str]:
    symbol, colour = SYMBOLS[check.status]
    worth = points(check.score) if check.status == "passed" else f"{points(check.score)}/{points(check.max_score)}"
    first, *rest = textwrap.wrap(visible(check.title), max(20, width - 14)) or [check.id]
    lines = [f"  {click.style(symbol, fg=colour)} {worth:>9}  {first}", *(" " * 14 + text for text in rest)]
    if check.status != "passed":
        lines += [click.style(text, fg=colour) for text in wrapped(visible(check.message), 14, width)]
        if check.hint:
            lines += [click.style(text, dim=True) for text in wrapped(f"Hint: {check.hint}", 14, width)]
        lines += printed_lines(check.printed, width)
    return lines


def printed_lines(printed: str, width: int) -> list[str]:
    texts = visible(printed).strip().splitlines()
    if not texts:
        return []
    more = [f"… {len(texts) - MAX_PRINTED_LINES} lines more"] if len(texts) > MAX_PRINTED_LINES else []
    shown = [text[: width - 18] for text in texts[:MAX_PRINTED_LINES]] + more
    return [click.style(f"{'':14}│ {text}", dim=True) for text in shown]


def mistake_lines(mistake: NamedMistake, width: int) -> list[str]:
    badge = click.style("  a common textbook slip", fg="magenta") if mistake.textbook else ""
    first, *rest = wrapped(f"→ {mistake.title}", 2, width)
    return [
        *(click.style(text, fg="cyan", bold=True) for text in (first, *rest)),
        *([f"   {badge}"] if badge else []),
        *wrapped(mistake.explanation, 4, width),
    ]


def footer(result: Result, report: Path | None) -> str:
    where = f"  Report: {report}\n" if report else ""
    where += f"  Course: {one_line(str(result.course))}\n" if result.course else ""
    return f"{where}  Seed {result.seed} · {result.duration:.2f} s · {layers_in_words(result.sandbox)}"


def layers_in_words(sandbox: Sandbox) -> str:
    missing = [layer.name for layer in sandbox if not layer.active]
    if not sandbox:
        return "not confined: a process of its own only"
    return f"confined by {len(sandbox)} layers" if not missing else f"NOT CONFINED by: {', '.join(missing)}"


def wrapped(text: str, indent: int, width: int) -> list[str]:
    prefix = " " * indent
    return textwrap.wrap(text, max(40, width), initial_indent=prefix, subsequent_indent=prefix) or [""]
