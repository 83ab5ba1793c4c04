"""The class on one page: who has what, how scores are spread, which checks and mistakes cost most.

Theory of operation. The gradebook's grades are gone through once; of each stays what its cell of the table shows and
what it adds to the statistics of its exercise. Every text may be hostile: the template engine makes each visible and
escapes it, as in the students' reports, and the table's cells, written here because there may be a hundred thousand,
pass through `_text` and `_link`. The page has one script, its own, which the Content-Security-Policy allows by its
digest; nothing is loaded, nothing else runs. The same gradebook gives the same page, byte for byte.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from grader import __version__
from grader.gradebook.export.marksheet import Marksheet
from grader.gradebook.pseudonyms import Anonymous
from grader.gradebook.store import Grade, Gradebook
from grader.report.cases import Shown, cases
from grader.report.charts import draw_histogram, draw_outline, draw_share
from grader.report.findings import findings
from grader.report.page import scripted, template, write_page
from grader.report.statistics import (
    CheckStatistics,
    Distribution,
    ExerciseStatistics,
    MistakeStatistics,
    describe,
    is_full,
)
from grader.text import points, visible

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup

NAME = "index.html"
MOST_COMMON = 5  # mistakes shown for the whole class
FEW = 3  # exercises that are shown unfolded
BANDS = 5  # tints of scores below full marks


@dataclass(slots=True)
class Entry:
    """What the table shows of a grade."""

    score: float | None
    max_score: float
    report: str

    @property
    def share(self) -> float | None:
        if self.score is None:
            return None
        return self.score / self.max_score if self.max_score > 0 else 1.0


@dataclass
class Student:
    id: str
    name: str
    section: str = ""
    entries: dict[str, Entry] = field(default_factory=dict)  # by exercise
    lost: dict[str, str] = field(default_factory=dict)  # handed in, not graded: exercise, or "" → why
    number: int = 0  # of the row
    total: float | None = None
    percent: float | None = None


@dataclass(frozen=True)
class Ungraded:
    student: str
    exercise: str
    report: str
    reason: str


@dataclass(frozen=True)
class Remarked:
    """A submission that names what an instructor may want to look at (see grader.sandbox.worker.inspection)."""

    student: str
    exercise: str
    report: str
    remarks: str


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


@dataclass(frozen=True)
class Lost:
    """What was handed in and is no submission that could be graded."""

    student: str
    exercise: str
    file: str
    reason: str


class Overview:
    """What the page tells, gathered from the grades in one pass."""

    def __init__(self, gradebook: Gradebook | Anonymous) -> None:
        self.exercises: dict[str, ExerciseStatistics] = {}
        self.ungraded: list[Ungraded] = []
        self.unloaded: list[Ungraded] = []  # graded: nothing of the file could be asked
        self.lost: list[Lost] = []
        self.remarked: list[Remarked] = []
        self.seeds: set[int] = set()
        self.versions: set[str] = set()
        self.results, self.newest = 0, 0.0
        self.identities = gradebook.identities
        people, lost = gradebook.people(), gradebook.not_graded()
        self.notes = people.notes
        students: dict[str, Student] = {}
        marks = Marksheet.collect(self._seen(gradebook.grades(), students), None, people, lost)
        for each in lost:
            student = students.setdefault(each.student, Student(each.student, each.name or each.student))
            file = each.path.rpartition("/")[2]
            student.lost[each.exercise] = f"{file}: {each.reason}"
            self.lost.append(Lost(student.name, each.exercise, file, each.reason))
            if each.exercise:
                self.exercises.setdefault(each.exercise, ExerciseStatistics())
        for person in people.persons.values() if people.has_roster else ():
            students.setdefault(person.id, Student(person.id, person.name)).section = person.section
        self.students = sorted(students.values(), key=lambda student: (student.name.casefold(), student.id))
        for number, student in enumerate(self.students, 1):
            student.number = number
            student.total, student.percent = marks.total(student.id), marks.percent(student.id)
        self.sections = sorted({student.section for student in self.students} - {""})
        self.exercises = dict(sorted(self.exercises.items()))
        self.waiting = gradebook.count_waiting()
        problems = gradebook.problems()
        self.left_out = len(problems)
        self.problems = list(grouped(problems))

    def _seen(self, grades: Iterable[Grade], students: dict[str, Student]) -> Iterator[Grade]:
        """The grades as they go by."""
        for grade in grades:
            self._add(grade, students.setdefault(grade.student, Student(grade.student, grade.name)))
            yield grade

    def _add(self, grade: Grade, student: Student) -> None:
        statistics = self.exercises.setdefault(grade.exercise, ExerciseStatistics())
        graded = grade.status == "graded" and grade.score is not None
        student.entries[grade.exercise] = Entry(grade.score if graded else None, grade.max_score, grade.report)
        name = grade.name or grade.student
        if graded:
            statistics.add(grade, self.identities.get(grade.student, ()))
            found = findings(grade.result)
            if found.is_unloaded:
                self.unloaded.append(Ungraded(name, grade.exercise, grade.report, found.headline))
        else:
            reason = grade.result.error or "The report has no reason."
            self.ungraded.append(Ungraded(name, grade.exercise, grade.report, reason))
        if remarks := grade.result.remarks:
            self.remarked.append(Remarked(name, grade.exercise, grade.report, "; ".join(remarks)))
        self.results += 1
        self.newest = max(self.newest, grade.graded_at)
        self.seeds.add(grade.seed)
        self.versions.add(grade.result.environment.get("grader", __version__))


def grouped(problems: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """(path, reason), those of one file name and reason once: a test file in every repository is one line."""
    groups: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for path, reason in problems:
        groups[path.rpartition("/")[2], reason].append(path)
    for (name, reason), paths in sorted(groups.items(), key=lambda group: (len(group[1]), group[1])):
        yield (paths[0] if len(paths) == 1 else f"{len(paths)} files {name}, one of them {paths[0]}"), reason


def render(gradebook: Gradebook | Anonymous, titles: Mapping[str, str] | None = None, reports: str = "") -> str:
    """The page as one HTML document. An exercise without a title goes by its name.

    `reports` leads from the page to the gradebook's folder, where the students' reports are: "" or ends in "/".
    """
    overview = Overview(gradebook)
    numbers = {student.id: (student.number, student.name) for student in overview.students}

    def shown(mistake: MistakeStatistics) -> list[Shown]:
        return cases(mistake, numbers, gradebook.true_report)

    exercises = [
        _view(name, number, statistics, (titles or {}).get(name) or name, shown)
        for number, (name, statistics) in enumerate(overview.exercises.items(), 1)
    ]
    several = len(exercises) > 1
    percents = [student.percent / 100 for student in overview.students if student.percent is not None]
    spread = describe(percents) if several else None
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
        spread=spread,
        histogram=draw_histogram(spread, "scores") if spread else "",
        body=_rows(overview, several, reports),
        common=sorted(mistakes, key=lambda found: -found[0].students)[:MOST_COMMON],
        hardest=sorted(failed, key=lambda found: -found[0].failed)[:MOST_COMMON],
        date=f"{newest.day} {newest:%B %Y, %H:%M}",
        link=lambda report: _link(report, reports),
        unfolded=len(exercises) <= FEW,
        seeds=sorted(overview.seeds),
        versions=sorted(overview.versions | {__version__}),
    )


def write(
    gradebook: Gradebook | Anonymous, folder: Path, titles: Mapping[str, str], reports: str | None = None
) -> Path:
    """Writes folder/index.html and returns its path. `reports`: where these are, from there; else by the gradebook."""
    if reports is None:
        way = Path(os.path.relpath(gradebook.path.parent.resolve(), folder.resolve())).as_posix()
        reports = "" if way == "." else f"{way}/"
    path = folder / NAME
    write_page(render(gradebook, titles, reports), path)
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
    if several and student.total is not None and student.percent is not None:
        yield f"<td>{points(student.total)}</td>{_tinted(student.percent / 100, points(student.percent))}"
    elif several:
        yield "<td>–</td>" * 2
    for exercise in exercises:
        entry = student.entries.get(exercise)
        if entry is None and (reason := student.lost.get(exercise) or student.lost.get("")):
            yield f'<td class="e" title="{_text(reason)}">!<span class=unseen> handed in, not graded</span></td>'
        elif entry is None:
            yield "<td>–</td>"
        elif entry.share is None or entry.score is None:
            yield f'<td class="e">{_anchor("!<span class=unseen> not graded</span>", entry.report, reports)}</td>'
        else:
            yield _tinted(entry.share, _anchor(points(entry.score), entry.report, reports))
    yield "</tr>"


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


def _percent(share: float) -> str:
    """In percent with one decimal at most; only all of it is 100."""
    return f"{min(100 * share, 100 if is_full(share) else 99.9):.1f}".removesuffix(".0")


def _coefficient(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}".replace("-0.00", "0.00").replace("-", "−")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


@cache
def _template() -> Template:
    """Built at the first page: importing this module costs a command without one nothing."""
    return template(
        "index.html",
        ("style.css", "index.css"),
        **scripted("search.js", "index.js"),
        percent=_percent,
        coefficient=_coefficient,
        count=_count,
        share_bar=draw_share,
    )
