"""`%grade softmax` in a notebook: grades its cells as they were last run, and shows the report below.

Runs in the notebook's own process, next to the student's code, and so does nothing but ask: the cells, as the session
remembers them, are written to a temporary notebook, `grade` is started on it as a process of its own, and what that
wrote is shown. No file name is needed and nothing has to be saved. Imports nothing slow, and nothing that would change
how the notebook computes.
"""

from __future__ import annotations

import ast
import builtins
import json
import os
import re
import shlex
import tempfile
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from grader.errors import GraderError
from grader.integrations import grade_process
from grader.integrations.grade_process import Ended
from grader.result import Result

WHOLE = "notebook"  # the name of the file where every exercise that it answers is graded
MAX_CELLS = 2_000  # as many as `grade` takes
DIGITS = 6
FRAME = (
    '<iframe srcdoc="{page}" title="{title}" sandbox '
    'style="width:100%;height:640px;border:1px solid #8884;border-radius:6px;resize:vertical"></iframe>'
)


class MagicError(GraderError):
    """What keeps `%grade` from grading. The message says what to do."""


@dataclass(frozen=True)
class Request:
    """What stands behind `%grade`."""

    names: tuple[str, ...]
    seed: int | None = None
    course: Path | None = None
    points: float | None = None


@dataclass(frozen=True)
class Shown:
    """What came of it, for the notebook to show: the reports where it shows HTML, else the text."""

    results: tuple[Result, ...]
    pages: tuple[str, ...]
    text: str

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        """Each report in a frame: neither its styles nor the notebook's reach the other."""
        parts = []
        for result, page in zip(self.results, self.pages, strict=True):
            title = escape(line(result))
            # The line stands outside as well: a notebook that is opened elsewhere may not show frames.
            parts.append(f"<p><strong>{title}</strong></p>{FRAME.format(page=escape(page), title=title)}")
        return "".join(parts)

    def score_of(self, points: float) -> float:
        """What was earned, of so many points. Raises MagicError where no score can be claimed."""
        faults = [result.error for result in self.results if result.score is None]
        if faults:
            raise MagicError(f"The grader could not grade this: {faults[0]}. No score is claimed: run the cell again.")
        earned = sum(result.score or 0.0 for result in self.results)
        return round(earned / sum(result.max_score for result in self.results) * points, DIGITS)


def register(shell: Any) -> None:
    """Gives an IPython shell the magic."""

    def magic(text: str) -> float | None:
        """Grade this notebook's cells as they were last run: %grade [NAME]... [--seed N] [--points N] [--course DIR]"""
        from IPython.core.error import UsageError  # which IPython shows as one line
        from IPython.display import display

        try:
            return grade(shell, text, display)
        except GraderError as error:
            raise UsageError(str(error)) from None
        except KeyboardInterrupt:
            raise UsageError("Stopped: nothing was graded.") from None
        except Exception as error:
            raise UsageError(f"The grader failed: {type(error).__name__}: {error}.") from None

    shell.register_magic_function(magic, "line", "grade")


def grade(shell: Any, text: str, display: Any) -> float | None:
    """Grades what the line asks for and shows it. With --points the score is the cell's value, as nbgrader reads it."""
    request = parse(text)
    if request is None:  # it was a call for help
        return None
    shown = ask(request, history(shell), getattr(shell, "user_ns", None))
    display(shown)
    return None if request.points is None else shown.score_of(request.points)


def parse(text: str) -> Request | None:
    """Raises MagicError for what `%grade` does not understand."""
    import click

    @click.command(add_help_option=True, context_settings={"help_option_names": ["-h", "--help"]})
    @click.argument("names", nargs=-1, metavar="[NAME]...")
    @click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Seed of the test inputs. Default: drawn anew.")
    @click.option("--points", type=click.FloatRange(0, min_open=True), help="Answer the score, out of so many points.")
    @click.option("--course", type=click.Path(path_type=Path, file_okay=False), help="The course to grade with.")
    def command(names: tuple[str, ...], seed: int | None, points: float | None, course: Path | None) -> Request:
        """Grade this notebook's cells as they were last run: the named exercises, or all that are answered."""
        return Request(tuple(dict.fromkeys(names)), seed, course, points)

    try:
        found = command.main(shlex.split(text), prog_name="%grade", standalone_mode=False)
    except click.ClickException as error:
        raise MagicError(f"{error.format_message()} `%grade --help` tells more.") from None
    except ValueError as error:  # quotes that do not close
        raise MagicError(f"%grade {text}: {error}.") from None
    return found if isinstance(found, Request) else None


def history(shell: Any) -> list[str]:
    """The cells that this session has run, In[1] first; as they were typed, for what magics become defines nothing."""
    manager = getattr(shell, "history_manager", None)
    typed = getattr(manager, "input_hist_raw", None)
    return list(shell.user_ns["In"] if typed is None else typed)[1:]


def defining(cells: Sequence[str], kernel: Container[str] | None = None) -> list[str]:
    """The cells without the statements that have no part in what is defined by now; those that are left empty stay, so
    that code cell 7 in a message is In[7]. `kernel`: the names that the session has.

    What a student mended is no longer told, and an evening's versions of a cell take no room. A statement that failed
    has left nothing in the kernel: neither the names that it binds, nor those that it was to find there.
    """
    from grader.sandbox.worker.effects import ANY
    from grader.sandbox.worker.notebook import define, needed, parse

    found: list[tuple[int, ast.stmt]] = []
    for number, cell in enumerate(cells):
        statements, _ = parse(cell.split("\n"), 1)  # none where it does not parse: then it was not run either
        found += [(number, statement) for statement in statements]
    definitions = define([statement for _, statement in found])
    known = {name for one in definitions for name in one.binds}
    if kernel is not None and any(name in kernel for name in known):
        deleted = {name for one in definitions if isinstance(one.statement, ast.Delete) for name in one.binds}
        there = {name for name in known if name in kernel} | deleted | {ANY}
        findable = {name for one in definitions for name in one.uses if name in kernel or hasattr(builtins, name)}
        findable |= known
        definitions = [
            one for one in definitions if one.uses <= findable and (not one.binds or not there.isdisjoint(one.binds))
        ]
    chosen = {one.order for one in needed(definitions, known)}
    kept = [""] * len(cells)
    for number in dict.fromkeys(found[order][0] for order in chosen):
        lines = cells[number].split("\n")
        here = [(order in chosen, statement) for order, (cell, statement) in enumerate(found) if cell == number]
        stay = {line for stays, statement in here if stays for line in lines_of(statement)}
        for line in {line for stays, statement in here if not stays for line in lines_of(statement)} - stay:
            lines[line - 1] = ""
        kept[number] = "\n".join(lines)
    return kept


def lines_of(statement: ast.stmt) -> range:
    from grader.sandbox.worker.notebook import first_line

    return range(first_line(statement), (statement.end_lineno or statement.lineno) + 1)


def mentions(cells: Iterable[str], names: Iterable[str]) -> bool:
    word = re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b")
    return any(word.search(cell) for cell in cells)


def ask(request: Request, cells: Sequence[str], kernel: Container[str] | None = None) -> Shown:
    """Has `grade` grade the cells. Raises MagicError and CourseError."""
    from grader.course.choice import find_course

    # Found from here and named to the child, whose folder is a temporary one.
    course = find_course(request.course)
    asked = [course.exercise(name).names for name in request.names]
    if len(cells) > MAX_CELLS:
        raise MagicError(f"This session has run more than {MAX_CELLS} cells: restart the kernel and run them once.")
    kept = defining(cells, kernel)
    if asked and not any(mentions(kept, names) for names in asked):
        raise MagicError(f"No cell that defines {', '.join(asked[0])} was run in this session: run the cells first.")
    with tempfile.TemporaryDirectory(prefix="grade-") as place:
        folder = Path(place)
        files = [f"{name}.ipynb" for name in request.names or (WHOLE,)]
        for file in files:
            (folder / file).write_text(as_notebook(kept), encoding="utf-8")
        options = ["--course", str(course.root)]
        options += [] if request.seed is None else ["--seed", str(request.seed)]
        # The student's own code, which has run right here without any wall.
        options.append("--allow-unsandboxed")
        # Somebody waits, as at a terminal: what an earlier run has left behind may answer (grader.warm).
        environment = {"GRADER_WARM": "1", **os.environ, "COLUMNS": "100"}
        return read(folder, grade_process.grade(files, folder, options, environment=environment))


def read(folder: Path, ended: Ended) -> Shown:
    """What `grade` wrote. Raises MagicError with its last word where it graded nothing."""
    from grader.report.page import file_name

    if not ended.results:
        said = [text for text in ended.stderr.splitlines() if text.strip()] or [f"exit status {ended.status}"]
        raise MagicError(said[-1].removeprefix("Error: ").replace(f"{WHOLE}.ipynb", "This notebook"))
    names = [f"{file_name(result.exercise)}.html" for result in ended.results]
    pages = [(folder / grade_process.REPORTS / name).read_text(encoding="utf-8") for name in names]
    return Shown(ended.results, tuple(pages), without_places(ended.stdout))


def without_places(text: str) -> str:
    """The summary without the lines that name reports, which are gone with the folder."""
    return "\n".join(kept for kept in text.splitlines() if not kept.startswith("  Report: "))


def line(result: Result) -> str:
    """A result in one line."""
    from grader.report.findings import findings
    from grader.report.typeset import plain
    from grader.text import points, visible

    if result.score is None:
        return f"{result.exercise}: not graded: {visible(result.error)}"
    why = plain(findings(result).headline, ours=bool(result.mistakes) and not result.causes)
    score = f"{result.exercise}: {points(result.score)} / {points(result.max_score)}"
    return f"{score} · {why}" if why else score


def as_notebook(cells: Iterable[str]) -> str:
    made = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": cell} for cell in cells]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
