"""The field guide: all known mistakes of a course as one HTML file.

Theory of operation. The page is made from titles, explanations, formulas and check titles, which reports show to
students as well. The template engine makes each text visible and escapes it. The page has one script, its own, which
the Content-Security-Policy allows by its digest; nothing is loaded, nothing else runs. Without the script it is a page
to read from top to bottom. The same course gives the same page, byte for byte.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from grader.authoring.explain.catalogue import Chapter
from grader.authoring.explain.terminal import SLIP
from grader.report.formula import mathml
from grader.report.page import scripted, template
from grader.text import count

if TYPE_CHECKING:
    from jinja2 import Template


def render(chapters: Sequence[Chapter]) -> str:
    """The guide as one HTML document."""
    total = sum(len(chapter.mistakes) for chapter in chapters)
    return _template().render(chapters=chapters, total=total)


@cache
def _template() -> Template:
    return template(
        "guide.html",
        ("style.css", "guide.css"),
        **scripted("search.js", "guide.js"),
        count=count,
        mathml=mathml,
        slip=SLIP,
    )
