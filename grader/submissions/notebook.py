"""Notebooks: the cells of a file, of whatever format; and as submissions, all code as one text and where each cell
begins.

Here a notebook is only JSON; its code is not parsed (see grader.sandbox.worker.notebook for what is run of it).
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from grader.submissions.reading import MAX_SOURCE, SubmissionError

MAX_CELLS = 2_000
SMALL = 4 << 20  # bytes of JSON that is read as it is: it takes up to thirty times as much memory
# Of larger ones, pictures apart. A text is what stands in quotation marks, values are what lists and objects hold.
MAX_TEXTS, MAX_VALUES, MAX_REST = 500_000, 1_000_000, 16 << 20
TEXT = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
PICTURE = re.compile(rb'"(?:[A-Za-z0-9+/=]++|\\[nr/])++"')  # base64: next to no code looks like that
SMALLEST_PICTURE = 4096  # bytes
MARK, MARK_IN_JSON = "\0", b'"\\u0000"'  # in the place of a picture
TOO_MUCH = "has more output than can be read: clear it and save the notebook again"


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
        lines += cell.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    source = "\n".join(lines).encode("utf-8", "replace")
    if len(source) > MAX_SOURCE:
        raise SubmissionError(
            f"{path} has more than {MAX_SOURCE >> 10} KiB of code: a solution is a few hundred lines."
        )
    return source, tuple(starts)


def cells_of(data: bytes, path: str) -> list[Cell]:
    """All cells of a notebook. Raises SubmissionError for what is none."""
    try:
        notebook = json.loads(without_pictures(data, path))
    except (ValueError, RecursionError) as error:
        raise SubmissionError(f"{path} is not a notebook (broken JSON: {str(error)[:100]}): save it again.") from None
    if not isinstance(notebook, dict):
        raise SubmissionError(f"{path} is not a notebook: hand in an .ipynb file as Jupyter saves it.")
    if not isinstance(notebook.get("cells"), list):
        notebook = upgraded(notebook, path)
    cells = [cell_of(cell) for cell in notebook["cells"] if isinstance(cell, dict)]
    if len(data) > SMALL and any(cell.kind == "code" and MARK in cell.source for cell in cells):
        raise SubmissionError(f"{path} {TOO_MUCH}.")
    return cells


def without_pictures(data: bytes, path: str) -> bytes:
    """The JSON of a large notebook with a mark for each of the pictures among its outputs. Raises SubmissionError where
    what is left would take hundreds of MiB to read, or is no UTF-8, as all notebooks are."""
    if len(data) <= SMALL:
        return data
    if data.count(b'"') - data.count(b'\\"') <= 2 * MAX_TEXTS and b"\0" not in data:
        data = TEXT.sub(lambda text: MARK_IN_JSON if is_picture(text[0]) else text[0], data)
        values = TEXT.sub(b"", data)
        if sum(map(values.count, (b"[", b"{", b","))) <= MAX_VALUES and len(data) <= MAX_REST:
            return data
    raise SubmissionError(f"{path} {TOO_MUCH}.")


def is_picture(text: bytes) -> bool:
    return len(text) >= SMALLEST_PICTURE and PICTURE.fullmatch(text) is not None


def cell_of(cell: dict[str, Any]) -> Cell:
    metadata = cell.get("metadata")
    return Cell(
        str(cell.get("cell_type")),
        text_of(cell.get("source", "")),
        metadata if isinstance(metadata, dict) else {},
    )


def upgraded(notebook: dict[str, Any], path: str) -> Mapping[str, Any]:
    """An older notebook (format 1 to 3) in today's format: its cells without their outputs, which take a converter
    minutes where there are many."""
    import nbformat

    kept: dict[str, Any] = {name: notebook[name] for name in ("nbformat", "nbformat_minor") if name in notebook}
    kept |= {"metadata": {}, "worksheets": [{"metadata": {}, "cells": old_cells(notebook, path)}]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            made: Mapping[str, Any] = nbformat.reads(json.dumps(kept), 4)  # type: ignore[no-untyped-call]
        except Exception as error:  # whatever old and broken files make of a converter
            raise SubmissionError(f"{path} is not a notebook that can be read ({type(error).__name__}).") from None
    if not isinstance(made.get("cells"), list):
        raise SubmissionError(f"{path} is not a notebook: it has no cells.")
    return made


def old_cells(notebook: dict[str, Any], path: str) -> list[dict[str, Any]]:
    """What of the cells a converter need know, each text in one piece."""
    sheets = notebook.get("worksheets")
    inner = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)] if isinstance(sheets, list) else []
    cells = [cell for each in inner if isinstance(each, list) for cell in each if isinstance(cell, dict)]
    if len(cells) > MAX_CELLS:
        raise SubmissionError(f"{path} has {len(cells)} cells: a solution has a few dozen.")
    known = [{name: value for name, value in cell.items() if isinstance(value, (str, int))} for cell in cells]
    texts = [{name: text_of(cell[name]) for name in ("input", "source") if name in cell} for cell in cells]
    return [{"outputs": [], "metadata": {}, **one, **other} for one, other in zip(known, texts, strict=True)]


def text_of(source: object) -> str:
    """A cell's text: a string, or a list of lines."""
    if isinstance(source, list):
        return "".join(line for line in source if isinstance(line, str))
    return source if isinstance(source, str) else ""
