"""Moodle's grading worksheet: one row a student, and one grade, for a worksheet belongs to one assignment.

An assignment may ask for several files: over several exercises the grade is their sum, and a note says so. Moodle takes
back only a worksheet that it made itself (it looks for its column of modification dates) and drops a grade above the
maximum without a word, so scores are always scaled to the Maximum Grade of the row.
"""

from __future__ import annotations

from grader.gradebook.export.cells import line, number, read_maximum, table, text
from grader.gradebook.export.comments import OURS
from grader.gradebook.export.marksheet import Marksheet
from grader.gradebook.export.moodle_sheet import is_closed as say_no
from grader.gradebook.export.moodle_sheet import number_of, require_columns
from grader.gradebook.export.outcome import Export
from grader.gradebook.export.sheet import Row, Sheet
from grader.gradebook.roster import agree
from grader.text import points

COLUMNS = ("Identifier", "Full name", "Email address", "Status", "Grade", "Maximum Grade")


def create(marksheet: Marksheet) -> Export:
    """A new sheet in the columns of Moodle's, for reading."""
    rows = [list(COLUMNS)]
    for student, name in marksheet.names.items():
        is_number = student.isascii() and student.isdecimal()
        identifier = f"Participant {student}" if is_number else text(student)
        email = text(student) if "@" in student[1:] else ""
        grade = number(marksheet.total(student))
        rows.append([identifier, text(name), email, "Submitted for grading", grade, number(marksheet.maximum)])
    refused = "Moodle takes back only a worksheet that it made: download it there and name it with --into."
    return Export(table(rows), (*_describe_sum(marksheet), refused, *marksheet.notes))


def fill(sheet: Sheet, marksheet: Marksheet) -> Export:
    """Fills in Moodle's own worksheet, by the participant's number, else by the email address. Raises ExportError.

    The number of a group may be that of a participant who has nothing to do with it: a row whose name is another one
    gets nothing by it.
    """
    columns = require_columns(sheet)
    strangers: list[str] = []

    def identify(row: Row) -> str:
        number = number_of(sheet.cell(row, columns.identifier))
        student, name = marksheet.ids.get(number.casefold()), sheet.cell(row, columns.name)
        if student is not None and not agree(marksheet.names[student], name) and student != marksheet.names[student]:
            strangers.append(f"{marksheet.person(student)} is not {line(name)}, who has that number: left as it is.")
            return f"{number} {name}"
        return number

    students = sheet.match(sheet.rows, marksheet.ids, identify, lambda row: sheet.cell(row, columns.email))
    about_rows, scaled = [], set()
    for row, student in zip(sheet.rows, students, strict=True):
        identifier = line(sheet.cell(row, columns.identifier) or f"line {row.line}")
        name = line(sheet.cell(row, columns.name))
        who = f"{name} ({identifier})" if name else identifier
        grade = None if student is None else marksheet.total(student)
        if student is not None and columns.comments is not None:
            write_comment(sheet, row, columns.comments, marksheet.comment(student))
        is_closed = columns.is_open is not None and say_no(sheet.cell(row, columns.is_open))
        if student is None or not (marksheet.handed_in(student)):
            about_rows.append(f"{who} is in the sheet and has no grade: cell left as it is.")
        elif grade is not None and is_closed:
            about_rows.append(f"{who} has a grade that Moodle does not let change: left as it is.")
        elif grade is not None:
            maximum = read_maximum(sheet.cell(row, columns.maximum))
            if maximum is None or not marksheet.maximum:
                about_rows.append(f"{who} has no Maximum Grade in the sheet, so no grade can be given: left as it is.")
                continue
            if maximum != marksheet.maximum:
                grade = marksheet.total(student, maximum)
                scaled.add(maximum)
            has_comma = "," in sheet.cell(row, columns.maximum)
            sheet.write(row, columns.grade, number(grade).replace(".", ",") if has_comma else number(grade))
    notes = [*_describe_sum(marksheet), *marksheet.notes, *strangers, *about_rows, *marksheet.outside(students)]
    if scaled:
        maxima = " or ".join(map(points, sorted(scaled)))
        notes.insert(0, f"Grades out of {points(marksheet.maximum)} are scaled to the sheet's Maximum Grade, {maxima}.")
    return Export(sheet.text, tuple(notes))


def write_comment(sheet: Sheet, row: Row, column: int, said: str) -> None:
    """Fills in a comment, where there is none, or one that was written so before."""
    before = sheet.cell(row, column)
    if said and (not before or before.startswith(OURS)):
        sheet.write(row, column, said)


def _describe_sum(marksheet: Marksheet) -> list[str]:
    """What to tell of a grade that is a sum."""
    if len(marksheet.exercises) == 1:
        return []
    counts = "adds nothing to the sum" if marksheet.scores is None else "counts 0"
    if marksheet.scores is None:
        made = f"the sum over {', '.join(marksheet.exercises)}"
    else:
        made = f"the total of {marksheet.scores.assignment.title}, over {', '.join(marksheet.exercises)}"
    missing = {student: marksheet.missing(student) for student in marksheet.names}
    return [
        f"Grade is {made}, out of {points(marksheet.maximum)}; for one of them alone, name it with --exercise.",
        *(
            f"{marksheet.person(student)} did not hand in {', '.join(exercises)}, which {counts}."
            for student, exercises in missing.items()
            if exercises
        ),
    ]
