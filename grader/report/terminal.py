"""A result in the terminal: what to know first stands on the first screen."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator
from pathlib import Path

import click

from grader.report.findings import Findings, Group, excerpt, findings, told, where
from grader.report.typeset import plain
from grader.result import Cause, CheckResult, NamedMistake, Result, Sandbox
from grader.text import count, one_line, points, visible

WIDEST = 100  # columns
SCREEN = 24  # lines
MARGIN = 14  # columns in front of what is said of a check
MAX_PRINTED_LINES = 6
SYMBOLS = {"passed": ("✓", "green"), "failed": ("✗", "red"), "error": ("!", "yellow"), "not_run": ("·", "yellow")}


def line(result: Result) -> str:
    """A result in one line."""
    name = f"{visible(result.submission)}: {result.exercise}"
    if result.score is None:
        return f"{name}: not graded: {visible(result.error)}"
    why = plain(findings(result).headline, ours=bool(result.mistakes) and not result.causes)
    return f"{name}: {points(result.score)}/{points(result.max_score)}{why and f' ({why})'}"


def summary(result: Result, report: Path | None = None, *, verbose: bool = False) -> str:
    """A result in full, as wide as the terminal. What passed is told in one line where marks were lost, unless
    `verbose`."""
    width = terminal_width()
    found = findings(result)
    place = [f"  Report: {report}"] if report else []
    lines = heading(result, width)
    if result.full_marks:
        lines += ["", *(text for check in result.checks for text in title_lines(check, width))]
    elif result.score is None:
        reason = f"The grader could not grade this: {visible(result.error)}. It costs the student nothing."
        lines += ["", *wrapped(reason, 2, width)]
        lines += [text for check in result.checks for text in check_lines(Group((check,)), width, verbose=True)]
    else:
        lines += [*place, ""]
        lines += went_wrong(result, found, width, room=SCREEN - len(lines))
        lines += check_part(found, width, verbose=verbose)
        place = []
    if result.not_allowed:
        lines += ["", *wrapped(f"Not allowed in this exercise: {visible(', '.join(result.not_allowed))}", 2, width)]
    for note in result.notes:
        lines += ["", *wrapped(visible(note), 2, width)]
    lines += ["", click.style("\n".join([*place, *footer(result, width)]), dim=True)]
    return "\n".join(lines)


def heading(result: Result, width: int) -> list[str]:
    """Title, score and file: in one line, or the title in lines of its own where that would be too long."""
    score, colour = "not graded", "yellow"
    if result.score is not None:
        score = f"{points(result.score)} / {points(result.max_score)}"
        colour = "green" if result.full_marks else "yellow" if result.score else "red"
    title, file = visible(result.title or result.exercise), one_line(result.submission)
    styled = click.style(score, fg=colour, bold=True)
    if len(title) + len(score) + len(file) + 6 <= width:
        return [f"{click.style(title, bold=True)}   {styled}   {file}"]
    titles = [click.style(text, bold=True) for text in wrapped(title, 0, width)]
    if len(score) + len(file) + 3 <= width:
        return [*titles, f"{styled}   {file}"]
    return [*titles, styled, file]


def went_wrong(result: Result, found: Findings, width: int, room: int) -> list[str]:
    """Causes and named mistakes. Where they take more than the screen has left, their titles come first."""
    places = {mistake.id: where(mistake, result.checks) for mistake in found.mistakes}
    parts = [cause_lines(cause, width) for cause in found.causes]
    parts += [mistake_lines(mistake, places[mistake.id], width) for mistake in found.mistakes]
    if not parts:
        return []
    lines = [text for part in parts for text in part]
    short: list[str] = []
    if len(lines) + 2 > room and len(parts) > 1:
        titles = [told(cause) for cause in found.causes]
        titles += [placed(mistake.title, places[mistake.id]) for mistake in found.mistakes]
        short = [text for title in titles for text in arrow(title, width)]
        short = [*short[: room - 2], "", click.style("  In detail", bold=True)]
    return [click.style("  What went wrong", bold=True), *short, *lines, ""]


def cause_lines(cause: Cause, width: int) -> list[str]:
    shown = [text[: width - 1] for text in map(visible, excerpt(cause))]
    advice = cause.advice[:1].upper() + cause.advice[1:]
    return [
        *arrow(told(cause), width, ours=False),
        *(f"    {text}"[: width - 1] for text in shown),
        *(wrapped(visible(f"{advice}."), 4, width) if advice else []),
    ]


def mistake_lines(mistake: NamedMistake, place: str, width: int) -> list[str]:
    badge = [click.style("    a common textbook slip", fg="magenta")] if mistake.textbook else []
    return [*arrow(placed(mistake.title, place), width), *badge, *wrapped(plain(mistake.explanation), 4, width)]


def arrow(text: str, width: int, *, ours: bool = True) -> list[str]:
    first, *rest = wrapped(plain(text, ours=ours), 4, width)
    return [click.style(text, fg="cyan", bold=True) for text in (f"  → {first.lstrip()}", *rest)]


def placed(text: str, place: str) -> str:
    """With the place in brackets, which no line breaks; where it is not told anyway."""
    unbroken = place.replace(" ", "\N{NO-BREAK SPACE}")
    return f"{text} ({unbroken})" if place and place not in text else text


def check_part(found: Findings, width: int, *, verbose: bool) -> Iterator[str]:
    for group in found.groups:
        yield from check_lines(group, width, verbose=verbose)
    for group in found.not_run:
        reason = group.first.message.removeprefix("not run: ")
        text = f"{count(len(group.checks), 'check')} not run: {visible(reason)}"
        yield from symbol_lines("not_run", group.worth, text, width)
        if verbose:
            yield from titles_of(group.checks, width)
    if verbose:
        for check in found.passed:
            yield from title_lines(check, width)
    elif found.passed:
        worth = points(sum(check.score for check in found.passed))
        yield from symbol_lines("passed", worth, f"{found.passed_in_short} (-v shows them)", width)


def check_lines(group: Group, width: int, *, verbose: bool) -> Iterator[str]:
    """What is said of failed checks: of one its title, of several what they have in common first."""
    check = group.first
    colour = SYMBOLS[check.status][1]
    message = wrapped(plain(placed(check.message, check.place), ours=False), MARGIN, width)
    if group.alike:
        first = plain(placed(check.message, check.place), ours=False)
        yield from symbol_lines(check.status, group.worth, first, width)
        shown = group.checks if verbose or group.titles else ()
        yield from wrapped(f"{group.alike}{':' if shown else ' (-v lists them)'}", MARGIN, width)
        yield from titles_of(shown, width)
    else:
        yield from title_lines(check, width)
        if check.status != "passed":
            yield from (click.style(text, fg=colour) for text in message)
    if check.hint and check.status != "passed":
        yield from (click.style(text, dim=True) for text in wrapped(plain(f"Hint: {check.hint}"), MARGIN, width))
    if check.status != "passed":
        yield from printed_lines(check.printed, width)


def title_lines(check: CheckResult, width: int) -> list[str]:
    passed = check.status == "passed"
    worth = points(check.score) if passed else f"{points(check.score)}/{points(check.max_score)}"
    return symbol_lines(check.status, worth, plain(check.title) or check.id, width)


def titles_of(checks: tuple[CheckResult, ...], width: int) -> Iterator[str]:
    for check in checks:
        first, *rest = wrapped(plain(check.title or check.id), MARGIN + 2, width)
        yield from (f"{' ' * MARGIN}· {first.lstrip()}", *rest)


def symbol_lines(status: str, worth: str, text: str, width: int) -> list[str]:
    symbol, colour = SYMBOLS[status]
    first, *rest = wrapped(text, MARGIN, width)
    return [f"  {click.style(symbol, fg=colour)} {worth:>9}  {first.lstrip()}", *rest]


def printed_lines(printed: str, width: int) -> list[str]:
    texts = visible(printed).strip().splitlines()
    if not texts:
        return []
    more = [f"… {len(texts) - MAX_PRINTED_LINES} lines more"] if len(texts) > MAX_PRINTED_LINES else []
    shown = [text[: width - MARGIN - 3] for text in texts[:MAX_PRINTED_LINES]] + more
    return [click.style(f"{'':{MARGIN}}│ {text}", dim=True) for text in shown]


def footer(result: Result, width: int) -> Iterator[str]:
    if result.course:
        yield f"  Course: {one_line(str(result.course))}"
    told = [f"Seed {result.seed}", f"{result.duration:.2f} s"]
    if result.sandbox or result.status == "graded":  # else nobody asked which walls there are
        told.append(layers_in_words(result.sandbox))
    yield from wrapped(" · ".join(told), 2, width)


def layers_in_words(sandbox: Sandbox) -> str:
    missing = [layer.name for layer in sandbox if not layer.active]
    if not sandbox:
        return "not confined: a process of its own only"
    return f"confined by {len(sandbox)} layers" if not missing else f"NOT CONFINED by: {', '.join(missing)}"


def terminal_width() -> int:
    return min(shutil.get_terminal_size().columns, WIDEST)


def wrapped(text: str, indent: int, width: int) -> list[str]:
    """Lines of less than the width: one in the last column would break in some terminals."""
    prefix = " " * indent
    return textwrap.wrap(text, max(indent + 20, width - 1), initial_indent=prefix, subsequent_indent=prefix) or [""]
