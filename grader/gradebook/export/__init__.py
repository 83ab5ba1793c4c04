"""Exports from the gradebook: tables for people, sheets for Canvas and Moodle, documents for machines.

Rules that hold in every format:

- Missing work is an empty cell, never 0, but where an assignment says that it is due. Work that the grader could not
  grade is an empty cell, and a note says why.
- Numbers are written as `points` writes them; a sum is taken over exact scores and rounded once.
- Scores are scaled wherever the maximum of a column is not that of the score, and a note says so.
- A text of ours that a spreadsheet would take for a formula gets an apostrophe. What an existing sheet holds already is
  kept byte for byte, its byte order mark and line ends included.
- Rows of an existing sheet are found by id, never by name; a cell that nobody has a score for stays as it is.
- A comment is written only where there is none, or one of ours.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from grader.gradebook.export import canvas, documents, moodle, tables
from grader.gradebook.export.marksheet import Marksheet
from grader.gradebook.export.outcome import Export, ExportError
from grader.gradebook.export.sheet import BOM, Sheet

if TYPE_CHECKING:
    from grader.gradebook.assignment.grades import Scores
    from grader.gradebook.people import People
    from grader.gradebook.store import Grade, Unplaced

__all__ = ["FORMATS", "Export", "ExportError", "export"]

FORMATS = ("csv", "canvas", "moodle", "nbgrader", "json", "junit")


def export(
    grades: Iterable[Grade],
    form: str,
    into: Path | None = None,
    *,
    exercise: str | None = None,
    maximum: float | None = None,
    people: People | None = None,
    lost: Iterable[Unplaced] = (),
    columns: Mapping[str, str] | None = None,
    known: Collection[str] = (),
    scores: Sequence[Scores] = (),
    mark: bool = False,
) -> Export:
    """The grades as text in one of FORMATS, in the order in which they come. Raises ExportError.

    `into` is an existing sheet (canvas and moodle) that is read, not written: the text is the sheet filled in.
    `exercise` leaves out all others. `maximum` is what each exercise is worth in the tables, where a sheet does not say
    it; else that is the exercise's own. `people` tells ids and the roster, `lost` what was handed in and is not graded,
    `columns` which column of a Canvas sheet is an exercise's, where its title does not tell; `known` are the names of
    all exercises, of which titles may speak; `scores` are those of the assignments in force. `mark` puts a byte order
    mark before a new table: without it Excel takes UTF-8 for something else. Write the text as UTF-8 and without
    translating its line ends.
    """
    if form not in FORMATS:
        raise ExportError(f"No format named {form!r}: choose one of {', '.join(FORMATS)}.")
    if into is not None and form not in ("canvas", "moodle"):
        raise ExportError(f"Only canvas and moodle fill in an existing sheet: leave out {into}, or choose one of them.")
    if columns and (form != "canvas" or into is None):
        raise ExportError("--column is for a Canvas sheet that is filled in: name one with --into.")
    if mark and (into is not None or form in ("json", "junit")):
        raise ExportError("--bom is for a new table: an existing sheet keeps its own, and documents have none.")
    made = exported(grades, form, into, exercise, maximum, people, lost, columns, known, scores)
    return replace(made, text=f"{BOM}{made.text}") if mark else made


def exported(
    grades: Iterable[Grade],
    form: str,
    into: Path | None,
    exercise: str | None,
    maximum: float | None,
    people: People | None,
    lost: Iterable[Unplaced],
    columns: Mapping[str, str] | None,
    known: Collection[str],
    scores: Sequence[Scores],
) -> Export:
    left = [each for each in lost if exercise is None or each.may_be(exercise)]
    chosen = choose(grades, exercise, may_be_none=bool(left))
    if form == "json":
        return documents.results(chosen, left, scores)
    if form == "junit":
        return documents.junit(chosen, left)
    if form == "csv" and len(scores) > 1 and exercise is None:
        return tables.term(scores)
    assigned = the_one(scores, exercise)
    marksheet = Marksheet.collect(chosen, maximum, people, left, assigned, exercise)
    if form == "csv":
        return tables.overview(marksheet)
    if form == "nbgrader":
        return tables.nbgrader(marksheet)
    gradebook = canvas if form == "canvas" else moodle
    if into is None:
        made: Export = gradebook.create(marksheet)
        return made
    sheet = Sheet.read(into)
    return canvas.fill(sheet, marksheet, columns, known) if form == "canvas" else moodle.fill(sheet, marksheet)


def the_one(scores: Sequence[Scores], exercise: str | None) -> Scores | None:
    """The assignment that a table is of. Raises ExportError where there are several."""
    found = [each for each in scores if exercise is None or exercise in each.assignment.exercises]
    if len(found) > 1:
        titles = ", ".join(repr(each.assignment.title) for each in found)
        raise ExportError(f"Several assignments are in force: name one with --assignment, of {titles}.")
    return found[0] if found else None


def choose(grades: Iterable[Grade], exercise: str | None, *, may_be_none: bool = False) -> Iterator[Grade]:
    """The grades in the exercise, or all of them; an export of nothing is an ExportError."""
    others = set()
    nothing = True
    for grade in grades:
        if exercise in (None, grade.exercise):
            nothing = False
            yield grade
        else:
            others.add(grade.exercise)
    if may_be_none:
        return
    if nothing and others:
        raise ExportError(f"No grades in {exercise!r}: the gradebook has {', '.join(sorted(others))}.")
    if nothing:
        raise ExportError("The gradebook holds no grades yet: grade submissions first.")
