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
    """One row a student. `missing` was not handed in and counts as zero, in total and percent; where something was
    `not graded`, there is neither. `maximum` counts every exercise, handed in or not."""
    exercises = [text(exercise) for exercise in marksheet.exercises]
    ends = ["total", "maximum", "percent", "missing", "not graded", "submitted (UTC)"]
    rows = [["student", "name", *exercises, *ends]]
    graded = [student for student in marksheet.names if marksheet.total(student) is not None]
    for student, name in marksheet.names.items():
        rows.append(
            [
                text(student),
                text(name),
                *(number(marksheet.score(student, exercise)) for exercise in marksheet.exercises),
                number(marksheet.total(student)),
                number(marksheet.maximum),
                number(marksheet.percent(student)),
                text(", ".join(marksheet.missing(student))),
                text(", ".join(marksheet.not_graded(student))),
                time(marksheet.submitted(student)),
            ]
        )
    said = ["What is missing counts as zero in total and percent."] if any(map(marksheet.missing, graded)) else []
    return Export(table(rows), (*said, *marksheet.notes))


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
