"""Cells → the text of an .ipynb file, in notebook format 4.5."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from grader.authoring.assignment import nbgrader as nbg
from grader.authoring.assignment.cells import Cell, closing, sections
from grader.course.course import Course

KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def document(course: Course, names: Sequence[str], *, nbgrader: bool = False) -> str:
    """The assignment notebook of some exercises. Raises CourseError and AssignmentError."""
    cells = sections(course, names)
    if not nbgrader:
        return written([as_json(cell, {}) for cell in [*cells, *closing(names)]])
    worth = nbg.points_of(course, names)
    marked = [nbg.marked(cell) for cell in [*cells, *nbg.closing(worth)]]
    return written([as_json(cell, nbg.metadata(cell, worth)) for cell in marked])


def as_json(cell: Cell, metadata: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"cell_type": cell.kind, "id": cell.id, "metadata": dict(metadata)}
    made["source"] = cell.source.splitlines(keepends=True)
    return made if cell.kind == "markdown" else made | {"execution_count": None, "outputs": []}


def written(cells: Sequence[Mapping[str, Any]]) -> str:
    """As Jupyter writes it, so that a notebook that was only opened and saved has not changed."""
    notebook = {"cells": cells, "metadata": KERNEL, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
