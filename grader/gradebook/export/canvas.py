"""Canvas's gradebook sheet: one row a student, one column an assignment, and a row of the points possible.

What Canvas does with it is read off its importer: it takes a row by "ID", else by "SIS Login ID"; an assignment by the
number in its column's name; "EX" for excused; and it skips rows and columns as `_students` and `_column` do.
"""

from __future__ import annotations

import re

from grader.gradebook.export.cells import line, number, read_maximum, table, text
from grader.gradebook.export.outcome import Export, ExportError
from grader.gradebook.export.roster import Roster
from grader.gradebook.export.sheet import Row, Sheet
from grader.text import points

ABOUT_STUDENTS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
ALSO_ABOUT_STUDENTS = ("LastName", "FirstName", "Integration ID", "Root Account")
POINTS_POSSIBLE = "Points Possible"
SET_BY_HAND = ("ex", "n/a")  # excused; not given to this student
TEST_STUDENTS = ("Student, Test", "Test Student")  # what a course has for looking at it as a student does
_NUMBER = re.compile(r"\s*\(\d+\)$")  # of the assignment, after its title
_POSTING = re.compile(r"\s*(muted|manual posting.*)?\s*", re.IGNORECASE | re.DOTALL)


def create(roster: Roster) -> Export:
    """A new sheet. Canvas's user ids are numbers; any other id of a student is taken for the login."""
    rows = [[*ABOUT_STUDENTS, *(text(exercise) for exercise in roster.exercises)]]
    rows.append([POINTS_POSSIBLE, "", "", "", "", *map(number, roster.maxima.values())])
    for student, name in roster.names.items():
        is_id = student.isascii() and student.isdecimal()
        ids = [text(student) if is_id else "", "", "" if is_id else text(student)]
        scores = (number(roster.score(student, exercise)) for exercise in roster.exercises)
        rows.append([text(name), *ids, "", *scores])
    return Export(table(rows), roster.notes)


def fill(sheet: Sheet, roster: Roster) -> Export:
    """Fills in an existing sheet, whose points possible count; adds a column for an exercise that has none.

    Excused students stay excused. Raises ExportError.
    """
    places = sheet.require("LastName" if "LastName" in sheet.columns else "Student", "ID")
    first, id = places.values()
    login = sheet.columns.index("SIS Login ID") if "SIS Login ID" in sheet.columns else None
    possible = next((row for row in sheet.rows if POINTS_POSSIBLE in sheet.cell(row, first)), None)
    rows = _students(sheet, first)
    notes = list(roster.notes)
    columns, maxima = {}, {}
    for exercise in roster.exercises:
        columns[exercise], maxima[exercise], said = _column(sheet, possible, exercise, roster.maxima[exercise])
        notes += said
    students = sheet.match(rows, roster.names, lambda row: sheet.cell(row, id), lambda row: sheet.cell(row, login))
    for row, student in zip(rows, students, strict=True):
        who = line(sheet.cell(row, first) or f"line {row.line}")
        who = f"{who} ({line(sheet.cell(row, id) or sheet.cell(row, login) or 'without an ID')})"
        missing = list(roster.exercises) if student is None else roster.missing(student)
        if missing and not (student is None and sheet.cell(row, first) in TEST_STUDENTS):
            notes.append(f"{who} is in the sheet and has no grade in {', '.join(missing)}: cells left as they are.")
        for exercise, column in columns.items():
            score = None if student is None else roster.score(student, exercise, maxima[exercise])
            if score is not None and sheet.cell(row, column).casefold() in SET_BY_HAND:
                notes.append(f"{who} has {sheet.cell(row, column)} in {exercise}: left as it is.")
            elif score is not None:
                sheet.write(row, column, number(score))
    notes += roster.outside(students)
    return Export(sheet.text, tuple(notes))


def _students(sheet: Sheet, first: int) -> list[Row]:
    """The rows that are a student's: not the points possible, and not the row that says how grades are posted."""
    return [
        row
        for row in sheet.rows
        if POINTS_POSSIBLE not in sheet.cell(row, first)
        and not all(_POSTING.fullmatch(sheet.cell(row, column)) for column in range(len(row.cells)))
    ]


def _column(sheet: Sheet, possible: Row | None, exercise: str, own: float) -> tuple[int, float, list[str]]:
    """The exercise's column, what it is worth there, and what to tell. Raises ExportError."""
    fixed = (*ABOUT_STUDENTS, *ALSO_ABOUT_STUDENTS)
    titles = [(place, _NUMBER.sub("", name)) for place, name in enumerate(sheet.columns) if name not in fixed]
    found = [place for place, title in titles if title.casefold() == exercise.casefold()]
    if len(found) > 1:
        names = " and ".join(repr(sheet.columns[place]) for place in found)
        raise ExportError(f"{sheet.name} has {len(found)} columns for {exercise}, {names}: delete all but one.")
    if not found:
        column = sheet.add_column(text(exercise))
        if possible:
            sheet.write(possible, column, number(own))
        return column, own, [f"{exercise}: the sheet had no such column; Canvas will make a new assignment of it."]
    says = sheet.cell(possible, found[0]) if possible else ""
    if "read only" in says:
        raise ExportError(f"{sheet.name} has {exercise} as a read-only column: rename it in Canvas and download again.")
    maximum = read_maximum(says)
    if maximum is None:
        return found[0], own, [f"{exercise}: the sheet does not say its points; scores are out of {points(own)}."]
    if maximum == own:
        return found[0], maximum, []
    scaled = f"{exercise}: worth {points(maximum)} in the sheet; scores out of {points(own)} are scaled to that."
    return found[0], maximum, [scaled]
