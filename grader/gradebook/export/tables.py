"""Tables of the whole class: one row a student, and nbgrader's one row a student and exercise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from grader.gradebook.export.cells import number, table, text, time
from grader.gradebook.export.marksheet import Marksheet
from grader.gradebook.export.outcome import Export

if TYPE_CHECKING:
    from grader.gradebook.assignment.grades import Scores

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
    `not graded`, there is neither. `maximum` counts every exercise, handed in or not. `overridden` is there where
    anything is."""
    exercises = [text(exercise) for exercise in marksheet.exercises]
    ends = ["total", "maximum", "percent", "missing", "not graded", "submitted (UTC)"]
    ends += ["late", "late days", "exempt", "dropped"] if marksheet.scores else []
    overrides = {student: ", ".join(marksheet.overrides(student)) for student in marksheet.names}
    if any(overrides.values()):
        ends.append("overridden")
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
                *assigned(marksheet, student),
                *([text(overrides[student])] if "overridden" in ends else []),
            ]
        )
    said = ["What is missing counts as zero in total and percent."] if any(map(marksheet.missing, graded)) else []
    return Export(table(rows), (*said, *marksheet.notes))


def assigned(marksheet: Marksheet, student: str) -> list[str]:
    """What an assignment says of a student beside the scores."""
    if marksheet.scores is None:
        return []
    marks = marksheet.assigned(student)
    late = ((mark.exercise, mark.lateness.words(marksheet.scores.assignment.late)) for mark in marks)
    return [
        text("; ".join(f"{exercise}: {words}" for exercise, words in late if words)),
        number(marksheet.scores.standings[student].days) if student in marksheet.scores.standings else "",
        text(", ".join(mark.exercise for mark in marks if mark.state == "exempt")),
        text(", ".join(mark.exercise for mark in marks if mark.is_dropped)),
    ]


def term(scores: Sequence[Scores]) -> Export:
    """Several assignments: one row a student, one column a total. An empty one is not due, exempt or not graded."""
    names = {person: name for each in scores for person, name in each.names.items()}
    rows = [["student", "name", *(text(each.assignment.title) for each in scores), "not graded"]]
    rows.append(["", "maximum", *(number(float(each.assignment.total)) for each in scores), ""])
    for person, name in sorted(names.items(), key=lambda item: (item[1].casefold(), item[0])):
        left = [mark.exercise for each in scores for mark in each.of(person) if mark.state == "not graded"]
        totals = [number(each.total(person)) for each in scores]
        rows.append([text(person), text(name), *totals, text(", ".join(left))])
    notes = (f"{each.assignment.title}: {note}" for each in scores for note in each.notes)
    return Export(table(rows), tuple(notes))


def nbgrader(marksheet: Marksheet) -> Export:
    """Every student in every exercise, as `nbgrader export` has it, except that missing work is empty and not 0.0.

    A name is not split by guess: all of it is the last name. Due dates and penalties are those of an assignment.
    """
    rows = [list(NBGRADER)]
    for exercise, maximum in marksheet.maxima.items():
        for student, name in marksheet.names.items():
            mark = marksheet.marks.get((student, exercise))
            score = number(marksheet.score(student, exercise))
            due, raw, penalty = lateness(marksheet, student, exercise)
            rows.append(
                [
                    text(exercise),
                    due,
                    time(mark.submitted) if mark and mark.dated else "",
                    text(student),
                    text(name) if name != student else "",
                    "",
                    text(student) if "@" in student[1:] else "",
                    score if marksheet.scores is None else raw,
                    ("0" if score else "") if marksheet.scores is None else penalty,
                    score,
                    number(maximum),
                ]
            )
    return Export(table(rows), marksheet.notes)


def lateness(marksheet: Marksheet, student: str, exercise: str) -> tuple[str, str, str]:
    """By an assignment: when the exercise is due, the points before lateness, and what it cost."""
    scores = marksheet.scores
    found = scores.mark(student, exercise) if scores is not None else None
    if scores is None or found is None:
        return "", "", ""
    due = scores.assignment.exercises[exercise].due
    lost = None if found.points is None or found.full is None else found.full - found.points
    raw, penalty = scores.scaled(found, found.full), scores.scaled(found, lost)
    return time(due.timestamp() if due else None), number(raw), number(penalty)
