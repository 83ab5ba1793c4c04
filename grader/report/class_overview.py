"""The class on one page: who has what, how scores are spread, which checks and mistakes cost most.

Theory of operation. The gradebook's grades are gone through once (grader/report/gathered.py). Every text may be
hostile: the template engine makes each visible and escapes it, as in the students' reports, and the table's cells,
written here because there may be a hundred thousand, pass through `_text` and `_link`. The page has one script, its
own, which the Content-Security-Policy allows by its digest; nothing is loaded, nothing else runs.
The same gradebook gives the same page, byte for byte.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from grader.gradebook.assignment.grades import Scores
from grader.gradebook.pseudonyms import Anonymous
from grader.gradebook.store import Gradebook
from grader.report.cases import Shown, cases
from grader.report.charts import draw_histogram, draw_outline, draw_share
from grader.report.gathered import Entry, Overview, Student
from grader.report.page import scripted, template, write_page
from grader.report.statistics import (
    CheckStatistics,
    Distribution,
    ExerciseStatistics,
    MistakeStatistics,
    describe,
    is_full,
)
from grader.text import count, points, visible

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup

NAME = "index.html"
MOST_COMMON = 5  # mistakes shown for the whole class
FEW = 3  # exercises that are shown unfolded
BANDS = 5  # tints of scores below full marks


@dataclass(frozen=True)
class View:
    """What the template shows of an exercise."""

    name: str
    number: int
    title: str
    best: float
    spread: Distribution | None
    histogram: str  # markup, "" where there are no scores
    outline: str
    checks: list[CheckStatistics]
    mistakes: list[tuple[MistakeStatistics, list[Shown]]]


def render(
    gradebook: Gradebook | Anonymous,
    titles: Mapping[str, str] | None = None,
    reports: str = "",
    scores: Sequence[Scores] = (),
) -> str:
    """The page as one HTML document. An exercise without a title goes by its name.

    `reports` leads from the page to the gradebook's folder, where the students' reports are: "" or ends in "/".
    `scores`: of the assignments in force.
    """
    overview = Overview(gradebook, scores)
    numbers = {student.id: (student.number, student.name) for student in overview.students}

    def shown(mistake: MistakeStatistics) -> list[Shown]:
        return cases(mistake, numbers, gradebook.true_report)

    exercises = [
        _view(name, number, statistics, (titles or {}).get(name) or name, shown)
        for number, (name, statistics) in enumerate(overview.exercises.items(), 1)
    ]
    several = len(exercises) > 1
    shares = [share for student in overview.students if (share := student.share) is not None]
    spread = describe(shares) if several else None
    mistakes = [
        (mistake, exercise, number)
        for exercise in exercises
        for number, (mistake, _) in enumerate(exercise.mistakes, 1)
    ]
    failed = [(check, exercise) for exercise in exercises for check in exercise.checks if check.failed]
    newest = datetime.fromtimestamp(overview.newest).astimezone()
    return _template().render(
        overview=overview,
        exercises=exercises,
        several=several,
        scores=scores,
        worths={name: float(each.worth) for one in scores for name, each in one.assignment.exercises.items()},
        total_means=overview.total_means(),
        column_means=overview.column_means(),
        spread=spread,
        histogram=draw_histogram(spread, "scores") if spread else "",
        body=_rows(overview, several, reports),
        common=sorted(mistakes, key=lambda found: -found[0].students)[:MOST_COMMON],
        hardest=sorted(failed, key=lambda found: -found[0].failed)[:MOST_COMMON],
        date=f"{newest.day} {newest:%B %Y, %H:%M}",
        link=lambda report: _link(report, reports),
        unfolded=len(exercises) <= FEW,
        seeds=sorted(overview.seeds),
        versions=sorted(overview.versions),
    )


def write(
    gradebook: Gradebook | Anonymous,
    folder: Path,
    titles: Mapping[str, str],
    scores: Sequence[Scores] = (),
    *,
    reports: str | None = None,
) -> Path:
    """Writes folder/index.html and returns its path. `reports`: where these are, from there; else by the gradebook."""
    if reports is None:
        way = Path(os.path.relpath(gradebook.path.parent.resolve(), folder.resolve())).as_posix()
        reports = "" if way == "." else f"{way}/"
    path = folder / NAME
    write_page(render(gradebook, titles, reports, scores), path)
    return path


def _view(
    name: str,
    number: int,
    statistics: ExerciseStatistics,
    title: str,
    shown: Callable[[MistakeStatistics], list[Shown]],
) -> View:
    spread = describe(statistics.shares)
    return View(
        name=name,
        number=number,
        title=title,
        best=statistics.best,
        spread=spread,
        histogram=draw_histogram(spread, f"scores-{number}") if spread else "",
        outline=draw_outline(spread) if spread else "",
        checks=statistics.rank_checks(),
        mistakes=[(mistake, shown(mistake)) for mistake in statistics.rank_mistakes()],
    )


def _rows(overview: Overview, several: bool, reports: str) -> Markup:
    """The table's body."""
    from markupsafe import Markup

    exercises = list(overview.exercises)
    return Markup("\n".join("".join(_row(student, exercises, several, reports)) for student in overview.students))


def _row(student: Student, exercises: Sequence[str], several: bool, reports: str) -> Iterator[str]:
    id = f" <small>{_text(student.id)}</small>" if student.id != student.name else ""
    section = f' data-section="{_text(student.section)}"' if student.section else ""
    who = f'<a href="#student-{student.number}"><bdi class="who">{_text(student.name)}</bdi></a>'
    yield f'<tr id="student-{student.number}"{section}><th scope="row">{who}{id}</th>'
    for total in student.totals:
        yield "<td>–</td>" if total is None else _tinted(total[1], points(total[0]))
    if several and not student.totals:
        if student.total is None or student.percent is None:
            yield "<td>–</td>" * 2
        else:
            yield f"<td>{points(student.total)}</td>{_tinted(student.percent / 100, points(student.percent))}"
    for exercise in exercises:
        lost = student.lost.get(exercise) or student.lost.get("", "")
        yield _cell(student.entries.get(exercise), lost, reports)
    yield "</tr>"


def _cell(entry: Entry | None, lost: str, reports: str) -> str:
    """What a student has in an exercise. `lost`: why what was handed in is not graded."""
    if entry is not None and entry.assigned is not None and entry.assigned.is_exempt:
        return f"<td>{_anchor('exempt', entry.report, reports)}</td>"
    if entry is None and lost:
        return f'<td class="e" title="{_text(lost)}">!<span class=unseen> handed in, not graded</span></td>'
    if entry is None:
        return "<td>–</td>"
    if entry.share is None or entry.score is None:
        return f'<td class="e">{_anchor("!<span class=unseen> not graded</span>", entry.report, reports)}</td>'
    star = f'<sup title="{_text(entry.told)}">*</sup>' if entry.told else ""
    by = entry.assigned
    said = f' <abbr title="{_text(by.said)}">{by.letters}</abbr>' if by is not None and by.letters else ""
    return _tinted(entry.share, _anchor(f"{points(entry.score)}{star}{said}", entry.report, reports))


def _tinted(share: float, inside: str) -> str:
    band = BANDS if is_full(share) else max(0, min(int(share * BANDS), BANDS - 1))
    return f'<td class="t{band}">{inside}</td>'


def _anchor(inside: str, report: str, reports: str) -> str:
    return f'<a href="{_link(report, reports)}">{inside}</a>' if report else inside


def _link(report: str, reports: str) -> str:
    """A report's address from the page. Its colons are quoted and it begins with no slash: it stays in the folder."""
    return quote(reports, errors="replace") + quote(report.lstrip("/"), errors="replace")


def _text(text: str) -> Markup:
    from markupsafe import escape

    return escape(visible(text))


def _percent(share: float | None) -> str:
    """In percent with one decimal at most; only all of it is 100."""
    if share is None:
        return "–"
    return f"{min(100 * share, 100 if is_full(share) else 99.9):.1f}".removesuffix(".0")


def _coefficient(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}".replace("-0.00", "0.00").replace("-", "−")


@cache
def _template() -> Template:
    """Built at the first page: importing this module costs a command without one nothing."""
    return template(
        "index.html",
        ("style.css", "index.css"),
        **scripted("search.js", "index.js"),
        percent=_percent,
        coefficient=_coefficient,
        count=count,
        share_bar=draw_share,
    )
