"""A grade in a few words, for the column of comments that a gradebook shows to the student."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.gradebook.export.cells import line
from grader.text import points

if TYPE_CHECKING:
    from grader.gradebook.store import Grade

OURS = "Graded automatically: "  # what begins so may be replaced by what is said later
LONGEST = 600  # characters about one exercise
MOST = 4  # mistakes named
_TAG = re.compile(r"<(?=[\w/!])")  # a gradebook takes comments for HTML


def said_of(grade: Grade) -> str:
    """The score and what went wrong: why nothing could be asked, else known mistakes, else how many checks failed.

    An override with its reason is in the place of the score, and comments on the exercise come last.
    """
    if grade.points is None:
        return "could not be graded, through no fault of yours"
    result = grade.result
    wrong = [f"{cause.message} ({cause.place})" if cause.place else cause.message for cause in result.causes[:1]]
    wrong = wrong or [mistake.title.replace("`", "") for mistake in result.mistakes]
    failed = sum(check.status != "passed" for check in result.checks)
    if not wrong and failed:
        wrong = [f"{failed} of {len(result.checks)} checks failed"]
    more = f"; and {len(wrong) - MOST} more" if len(wrong) > MOST else ""
    score = grade.told or f"{points(grade.points)} / {points(grade.max_score)}"
    own = [f". {each.author}: {each.text}" for each in grade.decisions.comments if each.exercise]
    return short(f"{score}: {'; '.join(wrong[:MOST])}{more}{''.join(own)}" if wrong else f"{score}{''.join(own)}")


def short(text: str) -> str:
    """On one line, and nothing that a gradebook would take for markup."""
    told = _TAG.sub("‹", line(text))
    return told if len(told) <= LONGEST else f"{told[: LONGEST - 1]}…"
