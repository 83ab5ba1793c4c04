"""What nbgrader wants to know of each cell: its metadata, schema 3.

The notebook is a source for `nbgrader generate_assignment`, which replaces what stands between the marks of a solution
by its own stub, and a whole solution cell where it finds no marks. It serves as it is, too, so each cell carries the
checksum by which nbgrader tells a cell that was changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import md5
from typing import Any

from grader.authoring.assignment.cells import AssignmentError, Cell, cell_id, loading
from grader.course.course import Course

SCHEMA = 3
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
CLOSING = """# Your grade

Run all cells from the top, then these: they grade the cells above as they are and show a report of each exercise."""


def points_of(course: Course, names: Sequence[str]) -> dict[str, float]:
    """What each exercise is worth. Raises AssignmentError where a suite cannot be read."""
    from grader.errors import SuiteError

    worth = {}
    for name in dict.fromkeys(names):
        try:
            worth[name] = float(sum(check.points for check in course.exercise(name).answer_key().checks))
        except (SuiteError, OSError) as error:
            raise AssignmentError(f"The points of '{name}' are not known: {error}.") from None
    return worth


def closing(worth: Mapping[str, float]) -> list[Cell]:
    """A grading cell an exercise, whose value is the score: nbgrader takes that as partial credit."""
    grades = [
        Cell(cell_id(name, "grade"), "code", f"%grade {name} --points {points:g}", "grade", exercises=(name,))
        for name, points in worth.items()
    ]
    return [*loading(CLOSING), *grades]


def marked(cell: Cell) -> Cell:
    """The cell with marks around what is to be filled in."""
    lines = cell.source.split("\n")
    for first, last in reversed(cell.blanks):
        indent = lines[first][: len(lines[first]) - len(lines[first].lstrip())]
        lines[first : last + 1] = [indent + BEGIN, *lines[first : last + 1], indent + END]
    return replace(cell, source="\n".join(lines))


def metadata(cell: Cell, worth: Mapping[str, float]) -> dict[str, Any]:
    """The metadata of a cell. Students change answers only: all else is locked, and put back before it is graded."""
    grade, solution = cell.role == "grade", cell.role == "answer"
    about: dict[str, Any] = {
        "cell_type": cell.kind,
        "grade": grade,
        "grade_id": cell.id,
        "locked": not solution,
        "schema_version": SCHEMA,
        "solution": solution,
        "task": False,
    }
    if grade:
        about["points"] = float(sum(worth[name] for name in cell.exercises))
    about["checksum"] = checksum(cell, about)
    keep = {"deletable": False} if solution else {"deletable": False, "editable": False}
    return {**keep, "nbgrader": about}


def checksum(cell: Cell, about: Mapping[str, Any]) -> str:
    """As nbgrader has it: over the text, the kind of cell, what it is for, its id and its points."""
    # nbgrader calls a cell locked where it may not be changed, which a solution always may and a test never.
    locked = not about["solution"] and (about["grade"] or about["locked"])
    parts = [cell.source, cell.kind, about["grade"], about["solution"], locked, about["grade_id"]]
    parts += [about["points"]] if about["grade"] else []
    return md5("".join(str(part) for part in parts).encode(), usedforsecurity=False).hexdigest()
