"""Notebooks: the cells of a file, of whatever format; and as submissions, all code as one text and where each cell
begins.

Here a notebook is only JSON; its code is not parsed (see grader.sandbox.worker.notebook for what is run of it).
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from grader.submissions.reading import MAX_SOURCE, SubmissionError

MAX_CELLS = 2_000


@dataclass(frozen=True)
class Cell:
    kind: str  # "code", "markdown" or "raw"
    source: str
    metadata: Mapping[str, Any] = field(default_factory=dict)


def flatten(data: bytes, path: str) -> tuple[bytes, tuple[int, ...]]:
    """(the text of all code cells, the first line of each). Raises SubmissionError with one line."""
    cells = [cell.source for cell in cells_of(data, path) if cell.kind == "code"]
    if not cells:
        raise SubmissionError(f"{path} has no code cells: hand in the notebook in which the functions are defined.")
    if len(cells) > MAX_CELLS:
        raise SubmissionError(f"{path} has {len(cells)} code cells: a solution has a few dozen.")
    lines: list[str] = []
    starts: list[int] = []
    for number, cell in enumerate(cells, 1):
        lines.append(f"# Code cell {number}")
        starts.append(len(lines) + 1)
        lines += cell.replace("\r\n", "\n").split("\n")
    source = "\n".join(lines).encode("utf-8", "replace")
    if len(source) > MAX_SOURCE:
        raise SubmissionError(
            f"{path} has more than {MAX_SOURCE >> 10} KiB of code: a solution is a few hundred lines."
        )
    return source, tuple(starts)


def cells_of(data: bytes, path: str) -> list[Cell]:
    """All cells of a notebook. Raises SubmissionError for what is none."""
    try:
        notebook = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise SubmissionError(f"{path} is not a notebook (broken JSON: {str(error)[:100]}): save it again.") from None
    if not isinstance(notebook, dict):
        raise SubmissionError(f"{path} is not a notebook: hand in an .ipynb file as Jupyter saves it.")
    if not isinstance(notebook.get("cells"), list):
        notebook = upgraded(notebook, path)
    return [cell_of(cell) for cell in notebook["cells"] if isinstance(cell, dict)]


def cell_of(cell: dict[str, Any]) -> Cell:
    metadata = cell.get("metadata")
    return Cell(
        str(cell.get("cell_type")),
        text_of(cell.get("source", "")),
        metadata if isinstance(metadata, dict) else {},
    )


def upgraded(notebook: dict[str, Any], path: str) -> Mapping[str, Any]:
    """An older notebook (format 1 to 3) in today's format."""
    import nbformat

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            # From its text, whose lists of lines are joined on the way: a conversion of the object itself leaves them.
            made: Mapping[str, Any] = nbformat.reads(json.dumps(notebook), 4)  # type: ignore[no-untyped-call]
        except Exception as error:  # whatever old and broken files make of a converter
            raise SubmissionError(f"{path} is not a notebook that can be read ({type(error).__name__}).") from None
    if not isinstance(made.get("cells"), list):
        raise SubmissionError(f"{path} is not a notebook: it has no cells.")
    return made


def text_of(source: object) -> str:
    """A cell's text: a string, or a list of lines."""
    if isinstance(source, list):
        return "".join(line for line in source if isinstance(line, str))
    return source if isinstance(source, str) else ""
