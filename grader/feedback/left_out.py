"""What is said to who handed in something that is not graded, in place of a report: what it was, and why."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from grader.integrations.classroom.escape import markdown
from grader.report.page import template

if TYPE_CHECKING:
    from jinja2 import Template

    from grader.gradebook.store import Unplaced

NAME = "not-graded"  # of the page, where no exercise is told
TITLE = "Your hand-in"
MAX_TEXT = 500  # characters


def cause(lost: Unplaced) -> str:
    """Why it is not graded, without what that asks of whoever grades."""
    return (lost.reason.rpartition(": ")[0] or lost.reason).rstrip(".")


def advice(lost: Unplaced) -> str:
    named = f", named {lost.exercise}.py or {lost.exercise}.ipynb" if lost.exercise else ", named like the exercise"
    return f"An answer is a Python file or a notebook{named}. Ask whoever teaches you what to do."


def page(lost: Unplaced, names: Sequence[str]) -> str:
    return _template().render(
        title=lost.exercise or TITLE, whose=", ".join(names), file=lost.file, cause=cause(lost), advice=advice(lost)
    )


def section(lost: Unplaced) -> str:
    """The same in Markdown."""
    title, file, why = (markdown(text, MAX_TEXT) for text in (lost.exercise or TITLE, lost.file, cause(lost)))
    return f"## {title}\n\n⚠️ Handed in, not graded: {file}: {why}.\n\n{markdown(advice(lost), MAX_TEXT)}\n"


@cache
def _template() -> Template:
    return template("not_graded.html", ("style.css",))
