"""What is said to who handed in something that is not graded, in place of a report: what it was, why, and what counts
by an override."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from markupsafe import Markup

from grader.integrations.classroom.escape import markdown
from grader.report.decided import box
from grader.report.page import template

if TYPE_CHECKING:
    from jinja2 import Template

    from grader.gradebook.store import Grade, Unplaced

NAME = "not-graded"  # of the page, where no exercise is told
MAX_TEXT = 500  # characters


@dataclass(frozen=True)
class LeftOut:
    lost: Unplaced
    file: str  # as the student knows it; "" where there is none
    decided: Grade | None = None  # where there is a grade by an override

    @property
    def title(self) -> str:
        return self.lost.exercise or "Your hand-in"

    @property
    def cause(self) -> str:
        """Why it is not graded, without what that asks of whoever grades."""
        return (self.lost.reason.rpartition(": ")[0] or self.lost.reason).rstrip(".")

    @property
    def advice(self) -> str:
        name = self.lost.exercise
        named = f", named {name}.py or {name}.ipynb" if name else ", named like the exercise"
        return f"An answer is a Python file or a notebook{named}. Ask whoever teaches you what to do."

    def page(self, names: Sequence[str]) -> str:
        """`names`: whose it is."""
        shown = Markup(box(self.decided)) if self.decided else ""
        return _template().render(left=self, whose=", ".join(names), decided=shown)

    def section(self) -> str:
        """The same in Markdown."""
        said = self.title, self.cause, self.decided.told if self.decided else self.advice
        title, why, then = (markdown(text, MAX_TEXT) for text in said)
        file = f"{markdown(self.file, MAX_TEXT)}: " if self.file else ""
        return f"## {title}\n\n⚠️ Handed in, not graded: {file}{why}.\n\n{then}\n"


@cache
def _template() -> Template:
    return template("not_graded.html", ("style.css",))
