"""One Result as one HTML file: nothing is loaded from elsewhere, nothing in it runs.

Theory of operation. Every text of a Result may be hostile. The template engine passes each one through `visible` (its
`finalize`) and then escapes it (`autoescape`), so no line of a template can forget either. Markup made in Python is
numbers, fixed words and escaped text: the score's ring, the checks (each by a template of its own), the source listing,
a formula rebuilt from the elements it may have, and the heat map. A Content-Security-Policy in the page forbids scripts
and loads, should all that fail.
"""

from __future__ import annotations

import re
import shlex
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import fields
from functools import cache, lru_cache
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.cache import Cache
from grader.report.findings import Findings, Group, excerpt, findings, told
from grader.report.formula import mathml
from grader.report.page import file_name, template, write_page
from grader.report.typeset import html
from grader.result import CheckResult, Difference, NamedMistake, Result, Sandbox
from grader.text import count, points, visible

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup


LABELS = {"passed": ("✓", "Passed"), "failed": ("✗", "Failed"), "error": ("!", "Error"), "not_run": ("–", "Not run")}
LONGEST_SOURCE = 200_000  # characters shown; a browser should open the report of any submission at once
KEPT_ARTICLES, LARGEST_ARTICLE = 8 << 20, 1 << 17  # bytes of parts of pages that are kept, and of one
_LINE_END = re.compile("\r\n?|\n")  # as Python counts lines: str.splitlines() also splits at form feeds and others

# What an article follows from.
ALL_BUT_DURATION = attrgetter(*(field.name for field in fields(CheckResult) if field.name != "duration"))
_articles: Cache[tuple[tuple[object, ...], tuple[int, ...], bool, bool], Markup] = Cache(KEPT_ARTICLES)


def render(result: Result, refresh: int | None = None) -> str:
    """The report as one HTML document. `refresh`: seconds after which a browser loads it again."""
    from markupsafe import Markup

    lines = _LINE_END.split(result.source[:LONGEST_SOURCE]) if result.source else []
    while lines and not lines[-1]:
        lines.pop()
    places = {check.id: number for number, check in reversed(list(enumerate(result.checks, 1)))}
    numbers = {id(check): number for number, check in enumerate(result.checks, 1)}
    found = findings(result)
    graded = result.status == "graded" and result.score is not None
    return _template("report.html").render(
        result=result,
        refresh=refresh,
        graded=graded,
        title=result.title or result.exercise,
        ring=ring(result.score or 0.0, result.max_score) if graded else "",
        summary=summarise(result),
        causes=[(told(cause), cause, excerpt(cause)) for cause in result.causes],
        failed=_articles_of((*found.groups, *found.not_run), numbers, len(lines), graded),
        passed=_articles_of([Group((check,)) for check in found.passed], numbers, len(lines), graded),
        passed_in_short=found.passed_in_short,
        folded=graded and not result.full_marks,
        mistakes=[_explain(mistake, places) for mistake in result.mistakes],
        titles={check.id: check.title or check.id for check in result.checks},
        source=Markup(_listing(lines, found, numbers)),
        cut=len(result.source) > LONGEST_SOURCE,
        missing=[layer for layer in result.sandbox if not layer.active],
        walls=_walls(result.sandbox),
        command=_command(result),
    )


def warm_up() -> None:
    """Renders a page with one of each thing on it, so that forked processes share what templates compile and cache."""
    import numpy as np

    different = Difference("", np.zeros((2, 2)), np.ones((2, 2)))
    failed = CheckResult("a", "A", "failed", 0.0, 1.0, "wrong", "hint", line=1, printed="text", difference=different)
    mistake = NamedMistake("b", "B", "because", ("a",), "values", formula=r"\frac{1}{n} \sum_i e^{x_i}")
    sample = Result("", "", "graded", 0.0, 0, max_score=1.0, checks=(failed,), mistakes=(mistake,), source="pass")
    render(sample)


def write(result: Result, folder: Path, name: str | None = None, refresh: int | None = None) -> Path:
    """Write the report to folder/<name>.html (the exercise's name if none is given) and return its path."""
    path = folder / f"{file_name(name or result.exercise)}.html"
    write_page(render(result, refresh), path)
    return path


def summarise(result: Result) -> str:
    """One sentence: what came of the run."""
    total, passed = len(result.checks), sum(check.status == "passed" for check in result.checks)
    if not total:
        parts = ["No check was run"]
    elif all(check.status == "not_run" for check in result.checks):
        parts = [f"None of {count(total, 'check')} was run"]
    elif passed == total:
        parts = [f"All {total} checks passed" if total > 1 else "The one check passed"]
    else:
        parts = [f"{passed} of {count(total, 'check')} passed"]
    if result.mistakes:
        parts.append(count(len(result.mistakes), "known mistake") + " found")
    if result.not_allowed:
        parts.append(count(len(result.not_allowed), "forbidden call"))
    return "; ".join(parts) + "."


@cache
def _template(name: str) -> Template:
    """Built at the first report: importing this module costs a command without one nothing."""
    return template(name, ("style.css",), count=count)


def ring(score: float, best: float) -> Markup:
    """The score as a ring, the number within."""
    from markupsafe import Markup

    share = min(1.0, max(0.0, score / best)) if best > 0 else 1.0
    arc = 100 if share == 1 else min(round(100 * share, 1), 99)  # only full marks close the ring
    number, total = points(score), points(best)
    arc_path = f'<circle class="arc" cx="60" cy="60" r="53" pathLength="100" stroke-dasharray="{arc:g} 100"/>'
    return Markup(
        f'<svg class="ring" role="img" aria-labelledby="score-title score-what" viewBox="0 0 120 120">'
        f'<title id="score-title">Score: {number} of {total}</title>'
        f'<desc id="score-what">A ring of which {round(100 * share)} percent is filled.</desc>'
        f'<circle class="track" cx="60" cy="60" r="53"/>{arc_path if arc else ""}'
        f'<text class="number" x="60" y="66" font-size="{34 if len(number) < 5 else 135 / len(number):.3g}">{number}'
        f'</text><text class="total" x="60" y="84" font-size="{min(12, 120 / len(total)):.3g}">of {total}</text></svg>'
    )


def _articles_of(groups: Sequence[Group], places: dict[int, int], lines: int, graded: bool) -> Markup:
    from markupsafe import Markup

    return Markup("\n").join(_article(group, places, lines, graded) for group in groups)


@lru_cache(16)  # of a class they are the same
def _walls(sandbox: Sandbox) -> Markup:
    from markupsafe import Markup

    return Markup(_template("sandbox.html").render(sandbox=sandbox)) if sandbox else Markup("")


def _article(group: Group, places: dict[int, int], lines: int, graded: bool) -> Markup:
    """The part of the page on checks that failed alike, or on one check. In a class most come out in one of a few
    ways: each is written once. `places`: by the identity of a check, its number. `lines`: of the source that is shown.
    """
    same = tuple(map(ALL_BUT_DURATION, group.checks))
    numbers = tuple(places[id(check)] for check in group.checks)
    line = group.first.line
    has_line = line is not None and 1 <= line <= lines
    key = (same, numbers, has_line, graded)
    known = _articles.get(key)
    if known is None:
        known = _written(group, numbers, has_line, graded)
        different = group.first.difference
        arrays = (different.got.nbytes + different.expected.nbytes) if different else 0
        size = sum(map(sys.getsizeof, (known, group.first.printed, group.first.message))) + arrays
        if size <= LARGEST_ARTICLE:
            _articles.keep(key, known, size)
    return known


def _written(group: Group, numbers: tuple[int, ...], has_line: bool, graded: bool) -> Markup:
    from markupsafe import Markup

    check = group.first
    picture = None
    if check.difference is not None:
        from grader.report import heatmap

        picture = heatmap.draw(check.difference, f"picture-{numbers[0]}")
    sign, label = LABELS[check.status]
    text = _template("check.html").render(
        check=check,
        group=group,
        number=numbers[0],
        numbers=numbers,
        sign=sign,
        label=label,
        graded=graded,
        has_line=has_line,
        printed_lines=check.printed.rstrip("\n").count("\n") + 1,
        p=picture,
        svg=Markup(picture.svg) if picture else "",
    )
    return Markup(text)


def _explain(mistake: NamedMistake, places: dict[str, int]) -> dict[str, Any]:
    """A named mistake with its evidence in plain words and the places of its checks."""
    found = len(mistake.checks)
    if mistake.evidence == "values":
        evidence = f"In {count(found, 'failing check')} your values equal those of this mistake."
    else:
        evidence = f"The way {'this check fails' if found == 1 else 'these checks fail'} is that of this mistake."
    return {
        "mistake": mistake,
        "evidence": evidence,
        "formula": mathml(mistake.formula) if mistake.formula else "",
        "checks": [(places.get(id), id) for id in mistake.checks],
    }


def _listing(lines: list[str], found: Findings, places: dict[int, int]) -> str:
    """The source as list items, L1 and on; a line that something went wrong in carries what is said of it."""
    from markupsafe import escape

    escaped = str(escape(visible("\n".join(lines)))).split("\n")
    remarks: dict[int, str] = defaultdict(str)
    for cause in found.causes:
        if cause.line is not None and 1 <= cause.line <= len(escaped):
            start, end = cause.span
            parts = (cause.code[:start], cause.code[start:end], cause.code[end:])
            before, meant, after = (escape(visible(part)) for part in parts)
            if start < end:
                escaped[cause.line - 1] = f"{before}<mark>{meant or ' '}</mark>{after}"
            remarks[cause.line] += f"<p>{html(cause.message, ours=False)}</p>"
    for group in found.groups:
        check = group.first
        if check.line is not None:
            title, message = html(check.title or check.id), html(check.message, ours=False)
            more = f" <span>({group.alike})</span>" if group.alike else ""
            remarks[check.line] += f'<p><a href="#check-{places[id(check)]}">{title}</a> {message}{more}</p>'
    items = [f'<li id="L{number}"><code>{line}</code></li>' for number, line in enumerate(escaped, 1)]
    for number, remark in remarks.items():
        if 1 <= number <= len(items):
            opening = f'<li id="L{number}" class="marked">'
            items[number - 1] = f"{opening}<code>{escaped[number - 1]}</code>{remark}</li>"
    return "\n".join(items)


def _command(result: Result) -> str:
    """The command that grades this submission in the same way again."""
    name = result.submission
    name = f"./{name}" if name.startswith("-") else name  # else it would read as an option
    return f"grade {shlex.quote(name)} --exercise {shlex.quote(result.exercise)} --seed {result.seed}"
