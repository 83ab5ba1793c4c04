"""A list of known mistakes, or one of them in full, as text as wide as the terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import click

from grader.authoring.explain.catalogue import SEPARATOR, Explained, ShownBy
from grader.course.exercise import Exercise
from grader.report import typeset
from grader.report.plain_formula import plain
from grader.report.terminal import terminal_width, wrapped
from grader.suite.mistakes import Mistake
from grader.text import count, one_line, points

SLIP = "a common textbook slip"


def listing(exercise: Exercise, mistakes: Sequence[Mistake]) -> str:
    """All mistakes of an exercise, by id and title."""
    width = terminal_width()
    known = count(len(mistakes), "known mistake")
    lines = [f"{click.style(one_line(exercise.title), bold=True)}   {exercise.name}   {known}", ""]
    margin = max((len(mistake.id) for mistake in mistakes), default=0) + 4
    for mistake in mistakes:
        first, *rest = textwrap.wrap(typeset.plain(one_line(mistake.title)), max(20, width - 1 - margin)) or [""]
        id = click.style(f"{one_line(mistake.id):{margin - 4}}", fg="cyan")
        lines += [f"  {id}  {first}", *(" " * margin + text for text in rest)]
    if mistakes:
        tip = f"`grader explain {exercise.name}{SEPARATOR}{mistakes[0].id}` explains one of them."
        lines += ["", click.style(f"  {one_line(tip)}", dim=True)]
    return "\n".join(lines)


def page(mistake: Explained) -> str:
    """One mistake in full."""
    width = terminal_width()
    title = [click.style(text, bold=True) for text in wrapped(typeset.plain(mistake.title), 0, width)]
    lines = [click.style(one_line(mistake.name), fg="cyan"), *title]
    if mistake.textbook:
        lines.append(click.style(SLIP, fg="magenta"))
    lines += ["", *wrapped(typeset.plain(mistake.explanation), 2, width)]
    if mistake.formula:
        lines += ["", *wrapped(plain(mistake.formula), 6, width)]
    lines += ["", f"  {click.style(summary(mistake), bold=True)}"]
    for check in mistake.checks:
        first, *rest = textwrap.wrap(told(check, mistake), max(20, width - 10))
        lines += [f"  {points(check.points):>5}  {first}", *(" " * 9 + text for text in rest)]
    return "\n".join(lines)


def summary(mistake: Explained) -> str:
    if not mistake.checks:
        return "No check of the hidden suite shows it: `grader check` says why."
    total = mistake.checks_in_suite
    return f"Shown by {len(mistake.checks)} of {count(total, 'check')} (points, title):"


def told(check: ShownBy, mistake: Explained) -> str:
    """The title of a check, and how many of the mistake's variants it shows where that is not all of them."""
    title = one_line(check.title)
    if check.variants == mistake.variants:
        return title
    return f"{title} ({check.variants} of {mistake.variants} variants)"
