"""Moodle's grading worksheet: one row a student, and one grade, for a worksheet belongs to one assignment.

An assignment may ask for several files: over several exercises the grade is their sum, and a note says so. Moodle takes
back only a worksheet that it made itself (it looks for its column of modification dates) and drops a grade above the
maximum without a word, so scores are always scaled to the Maximum Grade of the row.
"""

from __future__ import annotations

import re

from grader.gradebook.export.cells import line, number, read_maximum, table, text
from grader.gradebook.export.outcome import Export
from grader.gradebook.export.roster import Roster
from grader.gradebook.export.sheet import Row, Sheet
from grader.text import points

COLUMNS = ("Identifier", "Full name", "Email address", "Status", "Grade", "Maximum Grade")
_PARTICIPANT = re.compile(r"Participant\s+(\d+)")


def create(roster: Roster) -> Export:
    """A new sheet in the columns of Moodle's, for reading."""
    rows = [list(COLUMNS)]
    for student, name in roster.names.items():
        is_number = student.isascii() and student.isdecimal()
        identifier = f"Participant {student}" if is_number else text(student)
        email = text(student) if "@" in student[1:] else ""
        grade = number(roster.total(student))
        rows.append([identifier, text(name), email, "Submitted for grading", grade, number(roster.maximum)])
    refused = "Moodle takes back only a worksheet that it made: download it there and name it with --into."
    return Export(table(rows), (*_describe_sum(roster), refused, *roster.notes))


def fill(sheet: Sheet, roster: Roster) -> Export:
    """Fills in Moodle's own worksheet, by the participant's number, else by the email address. Raises ExportError."""
    places = sheet.require("Identifier", "Grade", "Maximum Grade")
    optional = {name: sheet.columns.index(name) for name in sheet.columns if name not in places}
    email, full_name, open_ = map(optional.get, ("Email address", "Full name", "Grade can be changed"))

    def identify(row: Row) -> str:
        identifier = sheet.cell(row, places["Identifier"])
        found = _PARTICIPANT.fullmatch(identifier)
        return found[1] if found else identifier

    students = sheet.match(sheet.rows, roster.names, identify, lambda row: sheet.cell(row, email))
    about_rows, scaled = [], set()
    for row, student in zip(sheet.rows, students, strict=True):
        identifier = line(sheet.cell(row, places["Identifier"]) or f"line {row.line}")
        name = line(sheet.cell(row, full_name))
        who = f"{name} ({identifier})" if name else identifier
        grade = None if student is None else roster.total(student)
        if student is None:
            about_rows.append(f"{who} is in the sheet and has no grade: cell left as it is.")
        elif grade is not None and sheet.cell(row, open_).casefold() == "no":
            about_rows.append(f"{who} has a grade that Moodle does not let change: left as it is.")
        elif grade is not None:
            maximum = read_maximum(sheet.cell(row, places["Maximum Grade"]))
            if maximum is None or not roster.maximum:
                about_rows.append(f"{who} has no Maximum Grade in the sheet, so no grade can be given: left as it is.")
                continue
            if maximum != roster.maximum:
                grade *= maximum / roster.maximum
                scaled.add(maximum)
            sheet.write(row, places["Grade"], number(grade))
    notes = [*_describe_sum(roster), *roster.notes, *about_rows, *roster.outside(students)]
    if scaled:
        maxima = " or ".join(map(points, sorted(scaled)))
        notes.insert(0, f"Grades out of {points(roster.maximum)} are scaled to the sheet's Maximum Grade, {maxima}.")
    return Export(sheet.text, tuple(notes))


def _describe_sum(roster: Roster) -> list[str]:
    """What to tell of a grade that is a sum."""
    if len(roster.exercises) == 1:
        return []
    missing = {student: roster.missing(student) for student in roster.names}
    return [
        f"Grade is the sum over {', '.join(roster.exercises)}, out of {points(roster.maximum)}; for one of them alone,"
        " name it with --exercise.",
        *(
            f"{roster.person(student)} did not hand in {', '.join(exercises)}, which adds nothing to the sum."
            for student, exercises in missing.items()
            if exercises
        ),
    ]
