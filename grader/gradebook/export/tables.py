"""Tables of the whole class: one row a student, and nbgrader's one row a student and exercise."""

from __future__ import annotations

from grader.gradebook.export.cells import number, table, text, time
from grader.gradebook.export.marksheet import Marksheet
from grader.gradebook.export.outcome import Export

NBGRADER = (
    "assignment",
    "duedate",
    "timestamp",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
)


def overview(marksheet: Marksheet) -> Export:
    """One row a student. `missing` was not handed in and adds nothing to the total; where something was `not graded`,
    there is no total. `maximum` counts every exercise, handed in or not. `overridden` is there where anything is."""
    exercises = [text(exercise) for exercise in marksheet.exercises]
    ends = ["total", "maximum", "percent", "missing", "not graded", "submitted (UTC)"]
    overrides = {student: ", ".join(marksheet.overrides(student)) for student in marksheet.names}
    if any(overrides.values()):
        ends.append("overridden")
    rows = [["student", "name", *exercises, *ends]]
    for student, name in marksheet.names.items():
        total = marksheet.total(student)
        percent = None if total is None or not marksheet.maximum else 100 * total / marksheet.maximum
        rows.append(
            [
                text(student),
                text(name),
                *(number(marksheet.score(student, exercise)) for exercise in marksheet.exercises),
                number(total),
                number(marksheet.maximum),
                number(percent),
                text(", ".join(marksheet.missing(student))),
                text(", ".join(marksheet.not_graded(student))),
                time(marksheet.submitted(student)),
                *([text(overrides[student])] if "overridden" in ends else []),
            ]
        )
    return Export(table(rows), marksheet.notes)


def nbgrader(marksheet: Marksheet) -> Export:
    """Every student in every exercise, as `nbgrader export` has it, except that missing work is empty and not 0.0.

    A name is not split by guess: all of it is the last name. Due dates and penalties are not ours to know.
    """
    rows = [list(NBGRADER)]
    for exercise, maximum in marksheet.maxima.items():
        for student, name in marksheet.names.items():
            mark = marksheet.marks.get((student, exercise))
            score = number(marksheet.score(student, exercise))
            rows.append(
                [
                    text(exercise),
                    "",
                    time(mark.submitted) if mark and mark.dated else "",
                    text(student),
                    text(name) if name != student else "",
                    "",
                    text(student) if "@" in student[1:] else "",
                    score,
                    "0" if score else "",
                    score,
                    number(maximum),
                ]
            )
    return Export(table(rows), marksheet.notes)
