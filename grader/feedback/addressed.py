"""A report as its student gets it: whose it is, which attempt and when; without the paths of whoever graded.

Of a report only the places are changed that its template (grader/report/templates/report.html) writes once each before
or after everything a student wrote. Texts of students are escaped there, so none of them can look like such a place.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from grader.text import visible

if TYPE_CHECKING:
    from grader.gradebook.assignment.grades import Scores
    from grader.gradebook.store import Grade

TITLE = re.compile(r"\n([\d.]+ of [\d.]+|not graded)[^<]*</title>")  # after the score comes who it is
WHOSE = re.compile(r'<p class="whose">.*?</p>', re.DOTALL)
COURSE = re.compile(r"<div><dt>Course</dt><dd>[^<]*</dd></div>\n?")
COMMAND = re.compile(r'<pre class="command"><code>[^<]*</code></pre>')
BODY = re.compile(r"<body([^>]*)>(.*)</body>", re.DOTALL)
ID = re.compile(r'( (?:id|aria-labelledby|aria-describedby|href)=")(#?)([\w-][\w -]*)"')


class ReportError(ValueError):
    """A file that is no report of today's."""


def facts(grade: Grade, attempt: int, scores: Iterable[Scores] = ()) -> list[str]:
    """What is said of a hand-in, each a few words. `scores`: of the assignments in force."""
    said = []
    if grade.attempts > 1:
        said.append(f"attempt {attempt} of {grade.attempts}")
    if grade.dated:
        said.append(f"handed in {clock(grade.submitted)}")
    said.append(f"graded {clock(grade.graded_at)}")
    counts = [(each.assignment.title, each.told(grade.student, grade.exercise)) for each in scores]
    said += [f"{title}: {told}" for title, told in counts if told]
    return [each for each in said if each and not each.endswith(" ")]


def clock(seconds: float) -> str:
    """A time on the clock of whoever grades; "" for one that no calendar has."""
    try:
        time = datetime.fromtimestamp(seconds).astimezone()
    except (ValueError, OverflowError, OSError):
        return ""
    return f"{time.day} {time:%B %Y, %H:%M %Z}"


def addressed(page: str, names: Sequence[str], grade: Grade, file: str, said: Iterable[str]) -> str:
    """The report for these people: several where a group handed in. `file`: how the student knows it."""
    from markupsafe import escape

    def text(value: str) -> str:
        return str(escape(visible(value)))

    whose = ", ".join(names)
    parts = [f"<bdi>{text(whose)}</bdi>", f'<bdi class="file">{text(file)}</bdi>', *map(text, said)]
    heading = f'<p class="whose">{"".join(f"<span>{part}</span>" for part in parts)}</p>'
    shown = f"./{file}" if file.startswith("-") else file
    command = f"grade {shlex.quote(shown)} --exercise {shlex.quote(grade.exercise)} --seed {grade.seed}"
    changes: list[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]] = [
        (TITLE, lambda found: f"\n{found[1]} ({text(whose)})</title>"),
        (WHOSE, lambda _: heading),
        (COMMAND, lambda _: f'<pre class="command"><code>{text(command)}</code></pre>'),
    ]
    for place, written in changes:
        page, times = place.subn(written, page, count=1)
        if not times:
            raise ReportError
    head, run, tail = page.rpartition('<h2 id="run">')
    return head + run + COURSE.sub("", tail, count=1)


def joined(pages: Sequence[str]) -> str:
    """Several reports as one page, where a system takes one file only. What a page names once gets a number."""
    if len(pages) == 1:
        return pages[0]
    bodies = []
    for number, page in enumerate(pages, 1):
        found = BODY.search(page)
        if found is None:
            raise ReportError
        bodies.append(ID.sub(partial(renamed, number), found[2]))
    found = BODY.search(pages[0])
    assert found is not None
    return pages[0][: found.start(2)] + "\n<hr>\n".join(bodies) + pages[0][found.end(2) :]


def renamed(number: int, place: re.Match[str]) -> str:
    kind, hash, names = place.groups()
    if "href" in kind and not hash:
        return place[0]
    return f'{kind}{hash}{" ".join(f"e{number}-{name}" for name in names.split())}"'
