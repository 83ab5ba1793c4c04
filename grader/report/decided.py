"""Overrides and comments in the students' reports and on the page of the class.

A report is written when its submission is graded, with what only that moment knows: arrays, printed text, the source.
So what is decided later is put into the page as it stands, in one place that nothing of a student's can look like, as
all of theirs is escaped: the score beside the title, and a box below it. It is put there again whenever the class is
graded, and taken out when it is taken back.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from grader.gradebook.assignment.grades import scored
from grader.gradebook.assignment.stored import set_marks
from grader.gradebook.records import Grade
from grader.gradebook.store import Gradebook, GradebookError
from grader.report import class_overview
from grader.report.html import ring
from grader.report.page import template, write_page
from grader.text import day, points

if TYPE_CHECKING:
    from jinja2 import Template

# What stands in every report between its title and what follows, the box perhaps.
PLACE = re.compile(
    r'(?:<svg class="ring".*?</svg>)?\n*</header>\n<main>\n(?:<section class="box decided".*?</section>\n?)?', re.DOTALL
)
TITLE = re.compile(r"\A(.*?<title>[^\n]*:\n)(?:[\d.]+ of [\d.]+|not graded)", re.DOTALL)


def refresh(gradebook: Gradebook, only: Collection[str] | None = None) -> None:
    """Brings the reports of these people, or of everybody, up to date with what is decided. Raises GradebookError."""
    if gradebook.ledger().entries:
        with gradebook.alone():  # else a page of before could be written over that of another process
            update(gradebook, only)


def update(gradebook: Gradebook, only: Collection[str] | None) -> None:
    people = gradebook.people()
    touched = gradebook.ledger(people).touched
    wanted = touched if only is None else touched & set(only)
    if not wanted:
        return
    folder = gradebook.path.parent
    try:
        for grade in gradebook.grades(wanted):
            students = people.students.get(grade.student, [])
            others = {one.report: one for one in gradebook.gradings(students, grade.exercise)}
            for report, one in others.items():
                if report not in ("", grade.report):  # an attempt that does not count, and may have
                    put(folder / report, folder / report, one.score, one.max_score, "")
            if grade.report:
                shown = grade.points, grade.max_score, box(grade)
                put(folder / grade.shared_report, folder / grade.report, *shown)
    except OSError as error:
        raise GradebookError(
            f"What was decided is kept, and a report could not be written: {error.strerror or error}. Remove the cause"
            " and grade the class again: what is unchanged is not graded, and the reports are brought up to date."
        ) from None


def refresh_all(gradebook: Gradebook, titles: Mapping[str, str], only: Collection[str]) -> Path:
    """The reports of these people and the page of the class, whose address this answers.

    What a decision changed is told where it is made, so the next change of an assignment is compared with what is now.
    """
    folder = gradebook.path.parent
    try:
        with gradebook.alone():
            update(gradebook, only)
            scores, trouble = scored(gradebook)
            page = class_overview.write(gradebook, folder, titles, scores)
        if scores and trouble is None:
            set_marks(gradebook, {key: value for each in scores for key, value in each.marks()})
        return page
    except OSError as error:
        raise GradebookError(
            f"What was decided is kept, and {folder / class_overview.NAME} could not be written:"
            f" {error.strerror or error}. Remove the cause and grade the class again."
        ) from None


def put(source: Path, target: Path, counts: float | None, max_score: float, inside: str) -> None:
    """Writes a report with a score and a box, where it does not have them already."""
    try:
        page = source.read_text(encoding="utf-8")
    except FileNotFoundError:  # whoever grades again writes it anew
        return
    made = with_decisions(page, counts, max_score, inside)
    if made != page or source != target:
        write_page(made, target)


def with_decisions(page: str, counts: float | None, max_score: float, inside: str) -> str:
    """A report's page with the score that counts and the box of what is decided, in place of what was there."""
    score = "not graded" if counts is None else f"{points(counts)} of {points(max_score)}"
    drawn = f"{ring(counts, max_score)}\n" if counts is not None else ""
    page = TITLE.sub(lambda found: found[1] + score, page, count=1)
    return PLACE.sub(lambda _: f"{drawn}</header>\n<main>\n{inside}", page, count=1)


def box(grade: Grade) -> str:
    """What is decided of a grade, as a part of a page; "" where nothing is."""
    decisions = grade.decisions
    if not decisions:
        return ""
    titles = {check.id: check.title or check.id for check in grade.result.checks}
    text = _template().render(
        grade=grade,
        counts=grade.points,
        overrides=[(each, titles.get(each.check, each.check)) for each in decisions.overrides],
        comments=[(each, titles.get(each.check, each.check)) for each in decisions.comments],
    )
    return f"{text}\n"


@cache
def _template() -> Template:
    return template("decided.html", (), day=day)
